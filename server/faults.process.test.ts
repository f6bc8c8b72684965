import { setTimeout as sleep } from 'node:timers/promises'
import postgres from 'postgres'
import { afterAll, expect, test } from 'vitest'
import { emptyFolder } from './testing/folder.ts'
import { freshDatabase } from './testing/postgres.ts'
import { startRedis } from './testing/redis.ts'
import { startService } from './testing/service.ts'

/** What members notice while Redis or PostgreSQL is away: as little as possible, and nothing half-done. */
const DATABASE_URL = await freshDatabase()
let redis = await startRedis()
afterAll(() => redis.stop())
const service = await startService({ DATABASE_URL, REDIS_URL: redis.url, DATA_DIR: emptyFolder() })
const { anna, bartek } = service
const conversation = await anna.talkTo(bartek)

const newcomer = (username: string) =>
  service.guest().post('/api/auth/register', {
    email: `${username}@example.org`,
    username,
    password: 'tajne-haslo',
  })

test('without Redis members stay signed in, send and read, and see changes a little later', async () => {
  const stream = await bartek.listen()
  await redis.stop()
  const start = performance.now()
  const message = await anna.say(conversation, 'Redis odpoczywa')
  expect(message.content_text).toBe('Redis odpoczywa')
  expect((await bartek.get('/api/conversations')).status).toBe(200)
  await stream.hear('new_message', (data) => data.message.id === message.id)
  expect((await newcomer('bez')).status).toBe(201)
  expect((await service.guest().signIn('dawid')).id).toBeGreaterThan(0)
  // No request waits for a Redis that is away.
  expect(performance.now() - start).toBeLessThan(6000)
  const late = await bartek.listen()
  const second = await anna.say(conversation, 'nadal bez')
  await late.hear('new_message', (data) => data.message.id === second.id)
  expect((await anna.get('/readyz')).status).toBe(503)

  redis = await startRedis({ port: redis.port })
  await expect.poll(async () => (await anna.get('/readyz')).status, { timeout: 10_000 }).toBe(200)
  const third = await anna.say(conversation, 'już z Redisem')
  for (const each of [stream, late]) {
    await each.hear('new_message', (data) => data.message.id === third.id)
    each.close()
  }
  expect((await bartek.get('/api/users/me')).body.user.id).toBe(bartek.id)
})

test('a Redis that hangs delays no request for long', async () => {
  const stream = await bartek.listen()
  process.kill(redis.pid, 'SIGSTOP')
  try {
    const start = performance.now()
    // After one timeout no request waits: sending, signing in, registering, opening a stream, or typing.
    for (let i = 0; i < 20; i++) await anna.say(conversation, `mimo to ${i}`)
    for (let i = 0; i < 5; i++) {
      expect((await service.guest().signIn('dawid')).id).toBeGreaterThan(0)
      expect((await newcomer(`mroz${i}`)).status).toBe(201)
      expect((await anna.post(`/api/conversations/${conversation}/typing`, { is_typing: true })).status).toBe(
        204,
      )
      const opened = await anna.listen()
      opened.close()
    }
    expect(
      (await service.guest().post('/api/auth/login', { email: 'x@example.org', password: 'x' })).status,
    ).toBe(401)
    expect(performance.now() - start).toBeLessThan(8000)
    await stream.hear('new_message', (data) => data.message.content_text === 'mimo to 19')
    const phone = await service.guest().signIn('celina')
    const { cookie } = phone
    expect((await phone.post('/api/auth/logout')).status).toBe(204)
    phone.cookie = cookie
    expect((await phone.get('/api/users/me')).status).toBe(401)
    // Long enough for the connection to be replaced by another, which hangs too.
    await sleep(4000)
    expect(
      (await anna.post(`/api/conversations/${conversation}/messages`, { content: 'nadal' })).status,
    ).toBe(201)
  } finally {
    process.kill(redis.pid, 'SIGCONT')
  }
  await expect.poll(async () => (await anna.get('/readyz')).status, { timeout: 10_000 }).toBe(200)
  expect((await bartek.get('/api/users/me')).status).toBe(200)
  const seqs = stream.events.filter(({ event }) => event === 'new_message').map(({ data }) => data.seq)
  expect(seqs).toEqual([...new Set(seqs)].sort((a, b) => a - b))
  stream.close()
})

test('signing out while Redis is away ends the session, and it stays ended', async () => {
  const phone = await service.guest().signIn('celina')
  const { cookie } = phone
  await redis.stop()
  expect((await phone.post('/api/auth/logout')).status).toBe(204)
  phone.cookie = cookie
  expect((await phone.get('/api/users/me')).status).toBe(401)
  redis = await startRedis({ port: redis.port })
  await expect.poll(async () => (await anna.get('/readyz')).status, { timeout: 10_000 }).toBe(200)
  expect((await phone.get('/api/users/me')).status).toBe(401)
})

test('when PostgreSQL cuts every connection, requests fail with 503 at worst, and the next one is served', async () => {
  const admin = postgres(DATABASE_URL, { max: 1 })
  const stream = await bartek.listen()
  const own = await anna.say(conversation, 'będzie zmieniana')
  for (let round = 0; round < 8; round++) {
    const sending = Array.from({ length: 20 }, (_, i) =>
      // Editing is a transaction of several statements: its connection dies between two of them.
      i % 2
        ? anna.patch(`/api/messages/${own.id}`, { content: `cięcie ${round} ${i}` })
        : anna.post(`/api/conversations/${conversation}/messages`, { content: `cięcie ${round} ${i}` }),
    )
    await sleep(round)
    await admin`select pg_terminate_backend(pid) from pg_stat_activity
      where datname = current_database() and pid <> pg_backend_pid()`
    for (const answer of await Promise.all(sending)) {
      expect([200, 201, 503]).toContain(answer.status)
      if (answer.status === 503) expect(answer.headers.get('retry-after')).toBeTruthy()
    }
  }
  const calm = performance.now()
  const send = () => anna.post(`/api/conversations/${conversation}/messages`, { content: 'po burzy' })
  let last = await send()
  // A connection that was just cut may still seem open.
  for (; last.status === 503; last = await send()) expect(performance.now() - calm).toBeLessThan(5000)
  expect(last.status).toBe(201)
  await stream.hear('new_message', (data) => data.message.id === last.body.message.id)
  const [row] = await admin<{ newest: string; seq: string }[]>`
    select (select max(seq) from messages where conversation_id = ${conversation})::text as newest, seq::text
    from conversations where id = ${conversation}`
  expect(row!.newest).toBe(row!.seq)
  await admin.end()
  stream.close()
})
