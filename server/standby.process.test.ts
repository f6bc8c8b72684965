import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, onTestFinished, test } from 'vitest'
import { emptyFolder } from './testing/folder.ts'
import { Listener } from './testing/listener.ts'
import { RunningService } from './testing/process.ts'
import { startRedis } from './testing/redis.ts'
import { Person } from './testing/service.ts'
import { StandbyPair } from './testing/standby.ts'

async function start(isSynchronous: boolean) {
  const pair = await StandbyPair.start(emptyFolder(), isSynchronous)
  onTestFinished(() => pair.stop())
  const redis = await startRedis()
  onTestFinished(() => redis.stop())
  const service = await RunningService.start({
    DATABASE_URL: pair.url,
    REDIS_URL: redis.url,
    DATA_DIR: emptyFolder(),
    SESSION_SECRET: 'only for this test',
    WORKERS: isSynchronous ? '2' : '1',
    REGISTRATION: 'open',
    RATE_LIMITS: 'off',
  })
  onTestFinished(() => service.stop().then(() => {}))
  const [ala, ola] = await Promise.all(['ala', 'ola'].map((name) => newcomer(service, name)))
  return { pair, service, ala: ala!, ola: ola!, talk: await ala!.talkTo(ola!) }
}

async function newcomer(service: RunningService, username: string): Promise<Person> {
  const person = new Person(service.address)
  const body = { email: `${username}@example.org`, username, password: 'tajne-haslo' }
  person.id = (await person.post('/api/auth/register', body)).body.user.id
  return person
}

/** Sends one message after another, each again until it is acknowledged, until it is stopped. */
function sendOnAndOn(person: Person, talk: number) {
  const sent = { acknowledged: new Map<string, number>(), answers: new Set<number>(), isWanted: true }
  const done = (async () => {
    for (let nr = 0; sent.isWanted; nr++) {
      const client_id = randomUUID()
      for (;;) {
        const body = { content: `wiadomość ${nr}`, client_id }
        // A worker that is being replaced cuts its connections.
        const answer = await person
          .post(`/api/conversations/${talk}/messages`, body)
          .catch(() => ({ status: 0, body: undefined }))
        sent.answers.add(answer.status)
        if (answer.body?.message) sent.acknowledged.set(client_id, answer.body.message.id)
        if (answer.body?.message) break
        await sleep(100)
      }
    }
  })()
  const stop = () => {
    sent.isWanted = false
    return done
  }
  return { sent, stop }
}

test('with a synchronous standby nothing acknowledged is lost, nothing doubled, and the old primary stays unwritten', async () => {
  const { pair, service, ala, ola, talk } = await start(true)
  const lanes = [ala, ola, ala, ola].map((person) => sendOnAndOn(person, talk))
  await sleep(1500)
  pair.primary.signal('SIGKILL')
  await sleep(1000)
  await pair.promote()
  const acknowledged = () => lanes.reduce((sum, { sent }) => sum + sent.acknowledged.size, 0)
  const before = acknowledged()
  await expect.poll(acknowledged, { timeout: 20_000 }).toBeGreaterThan(before + 100)

  await pair.primary.start()
  const old = () =>
    pair.primary.sql`select count(*)::int from pg_stat_activity where application_name = 'rozmowa'`
  for (const pid of await service.workers()) process.kill(pid, 'SIGKILL')
  const then = acknowledged()
  await expect.poll(acknowledged, { timeout: 20_000 }).toBeGreaterThan(then + 50)
  expect((await old())[0]).toEqual({ count: 0 })
  await Promise.all(lanes.map(({ stop }) => stop()))

  const sql = pair.database(pair.standby)
  onTestFinished(() => sql.end())
  const rows = await sql<{ id: number; client_id: string; seq: number }[]>`
    select id::int, client_id, seq::int from messages order by seq`
  const stored = new Map(rows.map(({ client_id, id }) => [client_id, id]))
  for (const { sent } of lanes) {
    for (const [clientId, id] of sent.acknowledged) expect(stored.get(clientId)).toBe(id)
    expect([...sent.answers].filter((status) => ![0, 200, 201, 503].includes(status))).toEqual([])
  }
  expect(rows.length).toBe(acknowledged())
  expect(rows.map(({ seq }) => seq)).toEqual(rows.map((_, i) => i + 1))
}, 120_000)

test('while the only synchronous standby is away, nothing hangs and nothing is acknowledged; later all is there once', async () => {
  const { pair, ala, talk } = await start(true)
  pair.standby.signal('SIGSTOP')
  const lane = sendOnAndOn(ala, talk)
  await expect.poll(() => [...lane.sent.answers], { timeout: 20_000 }).toContain(503)
  expect(lane.sent.acknowledged.size).toBe(0)
  // Between two attempts nothing waits for the standby, and so it may look well for a moment.
  await expect.poll(async () => (await ala.get('/readyz')).status).toBe(503)
  pair.standby.signal('SIGCONT')
  await expect.poll(() => lane.sent.acknowledged.size, { timeout: 20_000 }).toBeGreaterThan(10)
  await lane.stop()
  const sql = pair.database(pair.primary)
  onTestFinished(() => sql.end())
  const rows = await sql`select client_id from messages`
  expect(new Set(rows.map(({ client_id }) => client_id)).size).toBe(rows.length)
  expect(rows.length).toBe(lane.sent.acknowledged.size)
}, 120_000)

test('without one the last messages may be lost: readers load afresh, and miss nothing that is sent in their place', async () => {
  const { pair, ala, ola, talk } = await start(false)
  const hers = await ola.listen()
  await ala.say(talk, 'zostanie')
  await hers.hear('new_message')
  await pair.cutOff()
  for (const nr of [1, 2, 3]) await ala.say(talk, `przepadnie ${nr}`)
  await expect.poll(() => hers.events.filter(({ event }) => event === 'new_message')).toHaveLength(3)
  const last = hers.events.findLast(({ id }) => id)!.id!
  pair.primary.signal('SIGKILL')
  await pair.promote()
  const send = () => ala.post(`/api/conversations/${talk}/messages`, { content: 'nowa' })
  await expect
    .poll(async () => (await send().catch(() => ({ status: 0 }))).status, { timeout: 20_000 })
    .toBe(201)
  await hers.ended
  const headers = { 'last-event-id': last }
  const reopen = () => Listener.open(`${ola.address}/api/messages/stream`, ola.cookie, headers)
  // The worker is replaced, for the history of the database is another one.
  let again: Listener | undefined
  while (!again) again = await reopen().catch(() => sleep(200).then(() => undefined))
  await again.hear('resync')
  const { body } = await ola.get(`/api/conversations/${talk}/messages`)
  expect(body.messages.map(({ content_text }) => content_text)).toEqual(['zostanie', 'nowa'])
  await ala.say(talk, 'następna')
  await again.hear('new_message', ({ message }) => message.content_text === 'następna')
  again.close()
}, 120_000)
