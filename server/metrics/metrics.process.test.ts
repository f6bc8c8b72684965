import { afterAll, beforeAll, expect, test } from 'vitest'
import { emptyFolder } from '../testing/folder.ts'
import { readMetrics } from '../testing/metrics.ts'
import { freshDatabase } from '../testing/postgres.ts'
import { RunningService } from '../testing/process.ts'
import { type RedisServer, startRedis } from '../testing/redis.ts'
import { Person } from '../testing/service.ts'

let redis: RedisServer
let service: RunningService
let anna: Person
let bartek: Person
let conversation: number

beforeAll(async () => {
  redis = await startRedis()
  service = await RunningService.start({
    DATABASE_URL: await freshDatabase(),
    REDIS_URL: redis.url,
    DATA_DIR: emptyFolder(),
    SESSION_SECRET: 'only for tests, only for tests',
    WORKERS: '2',
    REGISTRATION: 'open',
    RATE_LIMITS: 'off',
    EMAIL_DELAY_SECONDS: '0',
  })
  anna = await newcomer('anna')
  bartek = await newcomer('bartek')
  conversation = await anna.talkTo(bartek)
})
afterAll(async () => {
  await service.stop()
  await redis.stop()
})

async function newcomer(username: string): Promise<Person> {
  const person = new Person(service.address)
  const body = { email: `${username}@example.org`, username, password: 'tajne-haslo' }
  person.id = (await person.post('/api/auth/register', body)).body.user.id
  return person
}

const read = () => readMetrics(service.address)
const path = () => `/api/conversations/${conversation}/messages`
/** On connections of their own, which the kernel gives to one worker or the other. */
const send = (count: number) =>
  Promise.all(
    Array.from({ length: count }, (_, i) =>
      anna.request('POST', path(), {
        body: JSON.stringify({ content: `${i}` }),
        headers: { 'content-type': 'application/json', connection: 'close' },
      }),
    ),
  )

test('they are the sum of all workers and the jobs process', async () => {
  const before = await read()
  expect(before.get('rozmowa_processes{role="worker"}')).toBe(2)
  expect(before.get('rozmowa_processes{role="jobs"}')).toBe(1)
  expect(before.get('rozmowa_pool_size')).toBe(30)
  expect(before.get('rozmowa_jobs_turn')).toBe(1)
  const streams = await Promise.all([bartek.listen(), bartek.listen(), bartek.listen()])
  await send(40)
  for (const stream of streams) for (let i = 0; i < 40; i++) await stream.hear('new_message')
  const after = await read()
  const grown = (name: string) => after.get(name)! - before.get(name)!
  expect(grown('rozmowa_messages_total{outcome="sent"}')).toBe(40)
  expect(grown('rozmowa_events_out_total')).toBeGreaterThanOrEqual(3 * 40)
  expect(grown('rozmowa_events_published_total')).toBeGreaterThanOrEqual(40)
  // Where somebody is connected, each message counts once.
  expect([40, 80]).toContain(grown('rozmowa_delivery_seconds_count'))
  expect(after.get('rozmowa_delivery_seconds_bucket{le="2.5"}')).toBe(
    after.get('rozmowa_delivery_seconds_count'),
  )
  expect(grown('rozmowa_requests_total{status="2xx"}')).toBeGreaterThanOrEqual(40)
  expect(after.get('rozmowa_streams{kind="sse"}')).toBe(3)
  expect(grown('rozmowa_streams_opened_total{start="new"}')).toBe(3)
  // Fewer than messages: those that are sent together share their statements.
  expect(grown('rozmowa_query_seconds_count')).toBeGreaterThan(10)
  for (const stream of streams) stream.close()
  await expect.poll(async () => (await read()).get('rozmowa_streams{kind="sse"}')).toBe(0)
})

test('what jobs do is among them', async () => {
  await send(1)
  const mails = async () => (await read()).get('rozmowa_mails_total{outcome="logged"}')
  await expect.poll(mails).toBeGreaterThan(0)
  await expect.poll(async () => (await read()).get('rozmowa_jobs_done_total{task="mail"}')).toBeGreaterThan(0)
})

test('a message that is sent twice, and one that is refused, are told apart', async () => {
  const before = await read()
  const client_id = crypto.randomUUID()
  for (let i = 0; i < 3; i++) await anna.post(path(), { content: 'x', client_id })
  await anna.post(path(), { content: 'x', reply_to_id: 4711 })
  const after = await read()
  for (const [outcome, count] of [
    ['sent', 1],
    ['repeated', 2],
    ['refused', 1],
  ]) {
    const name = `rozmowa_messages_total{outcome="${outcome}"}`
    expect(after.get(name)! - before.get(name)!, name).toBe(count)
  }
})

test('a counter does not fall when a worker is killed, and the crash is counted', async () => {
  const counters = (all: Map<string, number>) =>
    [...all].filter(([name]) => /^rozmowa_\w+_(?:total|count|sum|bucket)\b/.test(name))
  const before = await read()
  process.kill((await service.workers())[0]!, 'SIGKILL')
  await expect.poll(async () => (await read()).get('rozmowa_process_crashes_total')).toBe(1)
  await expect.poll(async () => (await read()).get('rozmowa_processes{role="worker"}')).toBe(2)
  await send(3)
  const after = await read()
  for (const [name, value] of counters(before)) expect(after.get(name), name).toBeGreaterThanOrEqual(value)
  const sent = 'rozmowa_messages_total{outcome="sent"}'
  expect(after.get(sent)).toBe(before.get(sent)! + 3)
})

test('a worker that is stuck holds up nobody, and what it counted stays', async () => {
  const before = await read()
  const [stuck] = await service.workers()
  process.kill(stuck!, 'SIGSTOP')
  try {
    // The other one is asked: a connection may have been given to the one that is stuck.
    const asked = Array.from({ length: 6 }, () => readMetrics(service.address))
    const after = await Promise.any(asked)
    const sent = 'rozmowa_messages_total{outcome="sent"}'
    expect(after.get(sent)).toBe(before.get(sent))
  } finally {
    process.kill(stuck!, 'SIGCONT')
  }
})

test('what Redis did not bring, and that it is away, is told', async () => {
  const streams = await Promise.all(Array.from({ length: 8 }, () => bartek.listen()))
  const before = await read()
  expect(before.get('rozmowa_redis_away')).toBe(0)
  await redis.stop()
  await expect.poll(async () => (await read()).get('rozmowa_redis_away')).toBe(1)
  const filled = async () => {
    // Sooner or later to a worker other than that of the streams: it needs no Redis for its own.
    await send(4)
    return (await read()).get('rozmowa_gaps_filled_total')
  }
  await expect.poll(filled, { timeout: 20_000 }).toBeGreaterThan(before.get('rozmowa_gaps_filled_total')!)
  for (const stream of streams) stream.close()
})
