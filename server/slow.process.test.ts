import { request } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import postgres from 'postgres'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { emptyFolder } from './testing/folder.ts'
import { readMetrics } from './testing/metrics.ts'
import { freshDatabase } from './testing/postgres.ts'
import { RunningService } from './testing/process.ts'
import { Person } from './testing/service.ts'

const slowMs = 400
/** As many as a process opens. */
const maxConnections = 10
const database = await freshDatabase()
const sql = postgres(database, { max: 2, onnotice: () => {} })
let service: RunningService
let anna: Person
let conversation: number
let message: number

beforeAll(async () => {
  service = await RunningService.start({
    DATABASE_URL: database,
    DATA_DIR: emptyFolder(),
    SESSION_SECRET: 'only for tests, only for tests',
    REGISTRATION: 'open',
    RATE_LIMITS: 'off',
    SLOW_MS: `${slowMs}`,
  })
  anna = new Person(service.address)
  const body = { email: 'anna@example.org', username: 'anna', password: 'tajne-haslo' }
  anna.id = (await anna.post('/api/auth/register', body)).body.user.id
  conversation = await anna.talkTo(anna)
  message = (await anna.say(conversation, 'x')).id
})
afterAll(async () => {
  await service.stop()
  await sql.end()
})

const path = () => `/api/conversations/${conversation}/messages`

type Line = Record<string, unknown>

/** What was logged of this kind, after that much of the log. */
const linesAfter = (start: number, msg: string): Line[] =>
  service.output
    .slice(start)
    .split('\n')
    .filter((line) => line.includes(`"msg":"${msg}"`))
    .map((line) => JSON.parse(line))

/** What is logged meanwhile, of this kind. */
async function logged(msg: string, work: () => Promise<unknown>): Promise<Line[]> {
  const start = service.output.length
  await work()
  await expect.poll(() => linesAfter(start, msg)).not.toEqual([])
  return linesAfter(start, msg)
}

/** Does something while another transaction holds the conversation. @returns that one's process in the server */
async function whileHeld(work: () => Promise<unknown>, ms = 2 * slowMs): Promise<number> {
  let working: Promise<unknown> | undefined
  const pid = await sql.begin(async (tx) => {
    const [row] = await tx<[{ pid: number }]>`
      select pg_backend_pid() as pid from conversations where id = ${conversation} for update`
    working = work()
    await sleep(ms)
    return row.pid
  })
  await working
  return pid
}

test('a statement that waits for a lock says so, and who holds it', async () => {
  let pid = 0
  const [line] = await logged('slow query', async () => {
    pid = await whileHeld(() => anna.post(path(), { content: 'x' }))
  })
  expect(line).toMatchObject({ level: 40, cause: 'lock', blockedBy: pid, userId: anna.id })
  expect(line!.requestId).toMatch(/^[\w-]{36}$/)
  expect(line!.ms).toBeGreaterThan(slowMs)
  expect(line!.statement).toContain('from send_messages($1)')
})

test('so does its request', async () => {
  const [line] = await logged('slow request', () => whileHeld(() => anna.post(path(), { content: 'x' })))
  expect(line).toMatchObject({
    cause: 'database',
    route: 'POST /api/conversations/:id/messages',
    status: 201,
    userId: anna.id,
    statement: { cause: 'lock', statement: expect.stringContaining('send_messages') },
  })
  expect(line!.databaseMs).toBeGreaterThan(slowMs)
  expect(line!.databaseMs).toBeLessThanOrEqual(line!.ms as number)
})

test('a statement that the database works on says so', async () => {
  await sql.unsafe(`
    create function dawdle() returns trigger language plpgsql as
      'begin perform pg_sleep(${(1.5 * slowMs) / 1000}); return new; end';
    create trigger dawdle before insert on messages for each row execute function dawdle()`)
  const [line] = await logged('slow query', () => anna.post(path(), { content: 'x' }))
  await sql`drop trigger dawdle on messages`
  expect(line).toMatchObject({ cause: 'database', event: 'PgSleep' })
})

test('one that waits for a connection says so, and the pool is seen to be full', async () => {
  const changes = () =>
    Promise.all(
      Array.from({ length: maxConnections + 3 }, () =>
        anna.post(`/api/messages/${message}/reactions`, { emoji: '👍' }),
      ),
    )
  const before = await readMetrics(service.address)
  let held = new Map<string, number>()
  const start = service.output.length
  await whileHeld(async () => {
    const changing = changes()
    await sleep(slowMs)
    held = await readMetrics(service.address)
    await changing
  }, 3 * slowMs)
  expect(before.get('rozmowa_pool_used')).toBeLessThan(maxConnections)
  expect(held.get('rozmowa_pool_used')).toBeGreaterThanOrEqual(maxConnections)
  expect(held.get('rozmowa_pool_waiting')).toBeGreaterThanOrEqual(3)
  const after = await readMetrics(service.address)
  expect(after.get('rozmowa_pool_waiting')).toBe(0)
  for (const cause of ['lock', 'pool']) {
    const name = `rozmowa_slow_queries_total{cause="${cause}"}`
    const counted = after.get(name)! - before.get(name)!
    expect(counted).toBeGreaterThan(0)
    const lines = () => linesAfter(start, 'slow query').filter((line) => line.cause === cause)
    await expect.poll(() => lines().length).toBe(counted)
  }
})

test('what waits for a process that was busy says so', async () => {
  const [worker] = await service.workers()
  const [line] = await logged('slow query', async () => {
    const held = whileHeld(() => anna.post(path(), { content: 'x' }), slowMs / 4)
    await sleep(slowMs / 8)
    process.kill(worker!, 'SIGSTOP')
    await sleep(2 * slowMs)
    process.kill(worker!, 'SIGCONT')
    await held
  })
  expect(line).toMatchObject({ cause: 'process' })
  await expect.poll(() => service.output).toMatch(/"cause":"process".*"msg":"slow request"/)
})

test('a request that waits for its body says so', async () => {
  const [line] = await logged('slow request', async () => {
    const headers = { 'content-type': 'application/json', cookie: anna.cookie }
    const sending = request(service.address + path(), { method: 'POST', headers })
    const answered = new Promise((resolve) => sending.on('response', (answer) => resolve(answer.resume())))
    sending.write('{"content":')
    // Longer than a busy machine keeps the process from it.
    await sleep(4 * slowMs)
    sending.end('"x"}')
    await answered
  })
  expect(line).toMatchObject({ cause: 'client', status: 201 })
})

test('a request whose client did not wait says so', async () => {
  const before = await readMetrics(service.address)
  const [line] = await logged('slow request', () =>
    whileHeld(() => {
      const headers = { 'content-type': 'application/json', cookie: anna.cookie }
      const signal = AbortSignal.timeout(1.5 * slowMs)
      const sending = fetch(service.address + path(), {
        method: 'POST',
        headers,
        body: '{"content":"x"}',
        signal,
      })
      return sending.catch(() => {})
    }),
  )
  expect(line).toMatchObject({ status: 'hung_up', userId: anna.id, cause: 'database' })
  await expect
    .poll(() => service.output)
    .toContain(`"requestId":"${line!.requestId}","userId":${anna.id},"ms":`)
  const after = await readMetrics(service.address)
  const name = 'rozmowa_requests_total{status="hung_up"}'
  expect(after.get(name)).toBe(before.get(name)! + 1)
})

test('what is quick is not logged', async () => {
  const before = service.output
  await anna.post(path(), { content: 'x' })
  await sleep(100)
  expect(service.output).toBe(before)
})
