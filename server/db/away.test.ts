import { randomUUID } from 'node:crypto'
import postgres from 'postgres'
import { afterAll, expect, test } from 'vitest'
import type { MessagePage } from '../contract/messages.ts'
import { emptyFolder } from '../testing/folder.ts'
import { startPostgres } from '../testing/own-postgres.ts'
import { type Answer, startService } from '../testing/service.ts'

/** What members notice of a PostgreSQL that is there and cannot be used: a 503, soon, and nothing half-written. */
const server = await startPostgres()
const { anna, bartek, guest } = await startService({ DATABASE_URL: server.url, DATA_DIR: emptyFolder() })
const admin = postgres(server.url, { max: 1, onnotice: () => {} })
afterAll(() => admin.end())
const conversation = await anna.talkTo(bartek)
const own = await anna.say(conversation, 'będzie zmieniana')
const path = `/api/conversations/${conversation}/messages`

const isRefused = ({ status, headers, body }: Answer) => {
  expect([status, body.code]).toEqual([503, 'unavailable'])
  expect(Number(headers.get('retry-after'))).toBeGreaterThan(0)
}
const isReady = () =>
  expect.poll(async () => (await anna.get('/readyz')).status, { timeout: 15_000 }).toBe(200)

test('a frozen PostgreSQL is not waited for, and what was sent to it is there once', async () => {
  const stream = await bartek.listen()
  const client_id = randomUUID()
  const requests = [
    () => anna.post(path, { content: 'w lód', client_id }),
    () => anna.patch(`/api/messages/${own.id}`, { content: 'zmieniona' }),
    () => anna.get('/api/conversations'),
    () => anna.get(path),
    () => anna.post('/api/conversations', { name: 'Lód', member_ids: [bartek.id] }),
    () => guest().post('/api/auth/login', { email: 'anna@example.org', password: 'wiadomosci' }),
    () => anna.get('/api/users/me'),
  ]
  server.freeze()
  try {
    const start = performance.now()
    // More than there are connections.
    const waiting = await Promise.all([...requests, ...requests, ...requests].map((request) => request()))
    for (const answer of waiting) isRefused(answer)
    // A statement is given 10 s by the server itself, had it been awake.
    expect(performance.now() - start).toBeLessThan(8000)
    const later = performance.now()
    for (const request of requests) isRefused(await request())
    expect(performance.now() - later).toBeLessThan(1000)
    expect((await anna.get('/readyz')).body).toMatchObject({ postgresql: 'away' })
    expect((await anna.get('/healthz')).status).toBe(200)
  } finally {
    server.thaw()
  }
  await isReady()
  const again = await anna.post(path, { content: 'w lód', client_id })
  expect([200, 201]).toContain(again.status)
  await stream.hear('new_message', ({ message }) => message.id === again.body.message.id)
  const { messages }: MessagePage = (await anna.get(path)).body
  expect(messages.filter((each) => each.content_text === 'w lód')).toHaveLength(1)
  stream.close()
})

test('a read-only PostgreSQL is read, writes are asked to come again, and readiness knows', async () => {
  await admin`alter system set default_transaction_read_only = on`
  await admin`select pg_reload_conf()`
  await expect.poll(async () => (await anna.get('/readyz')).status, { timeout: 5000 }).toBe(503)
  isRefused(await anna.post(path, { content: 'tylko do odczytu' }))
  isRefused(await anna.patch(`/api/messages/${own.id}`, { content: 'nie' }))
  expect((await anna.get(path)).status).toBe(200)
  await admin`set default_transaction_read_only = off`
  await admin`alter system reset default_transaction_read_only`
  await admin`select pg_reload_conf()`
  await isReady()
  expect((await anna.post(path, { content: 'już można' })).status).toBe(201)
})
