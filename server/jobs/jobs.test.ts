import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, expect, test } from 'vitest'
import { freshDatabase } from '../testing/postgres.ts'

process.env.DATABASE_URL = await freshDatabase()
const url = process.env.DATABASE_URL
const port = Number(new URL(url).port)
const client = await import('../db/client.ts')
const { enqueue } = await import('./enqueue.ts')
const { startJobs } = await import('./run.ts')
const { retryJobs } = await import('./retry.ts')
const { listJobs } = await import('./store.ts')
await client.openDatabase(url)
const { sql } = client
afterAll(client.closeDatabase)

let done: number[] = []
let error: string | undefined
let running: Awaited<ReturnType<typeof startJobs>> | undefined

async function work(): Promise<void> {
  running = await startJobs(
    url,
    {
      async tidy(payload) {
        if (error) throw new Error(error)
        done.push((payload as { n: number }).n)
      },
    } as Parameters<typeof startJobs>[1],
    () => {},
  )
}

afterEach(async () => {
  await running?.close()
  running = undefined
  done = []
  error = undefined
  await sql`delete from rozmowa_jobs._private_jobs`
})

const give = (n: number, more = {}) => enqueue(sql, 'tidy', { n }, more)

test('a job runs if its transaction commits, and never if it does not', async () => {
  await work()
  const rolledBack = sql.begin(async (tx) => {
    await enqueue(tx, 'tidy', { n: 1 })
    throw new Error('changed my mind')
  })
  await expect(rolledBack).rejects.toThrow('changed my mind')
  await sql.begin((tx) => enqueue(tx, 'tidy', { n: 2 }))
  await expect.poll(() => done).toEqual([2])
})

test('by the clock come only jobs that somebody here can do', async () => {
  await work()
  const known = async () =>
    (await sql<{ identifier: string }[]>`select identifier from rozmowa_jobs._private_known_crontabs`).map(
      ({ identifier }) => identifier,
    )
  await expect.poll(known).toEqual(['tidy'])
})

test('of several jobs with one key one runs, with the last payload at the first one’s time', async () => {
  await work()
  await give(1, { key: 'same', delay: 0.4 })
  await give(2, { key: 'same', delay: 30 })
  await give(3, { key: 'other' })
  await expect.poll(() => done, { timeout: 5000 }).toEqual([3, 2])
})

test('a job waits for its process, and a failed one is listed and retried', async () => {
  await give(1)
  error = 'no such luck'
  await work()
  await expect
    .poll(async () => (await listJobs({ all: false, limit: 10 }))[0])
    .toMatchObject({
      task: 'tidy',
      payload: { n: 1 },
      attempts: 1,
      max_attempts: 25,
      error: expect.stringContaining('no such luck'),
    })
  error = undefined
  await expect.poll(() => done, { timeout: 8000 }).toEqual([1])
})

test('a job that was given up can be retried', async () => {
  error = 'never'
  await give(1, { attempts: 1 })
  await work()
  await expect.poll(async () => (await listJobs({ all: false, limit: 10 })).length).toBe(1)
  error = undefined
  const [job] = await listJobs({ all: false, limit: 10 })
  expect(await retryJobs([job!.id])).toBe(1)
  await expect.poll(() => done, { timeout: 5000 }).toEqual([1])
})

/** The kernel's keepalive settings of a connection; `after` is in seconds. */
function timerOf(clientPort: number): { kind: string; after: number } {
  const hex = (port: number) => `:${port.toString(16).toUpperCase().padStart(4, '0')}`
  const sockets = readFileSync('/proc/net/tcp', 'utf8').split('\n')
  const ours = sockets
    .map((line) => line.trim().split(/\s+/))
    .filter(([, local]) => local?.endsWith(hex(port)))
  const [, , , , , timer] = ours.find(([, , remote]) => remote?.endsWith(hex(clientPort)))!
  const [kind, after] = timer!.split(':') as [string, string]
  return {
    kind: { '00': 'none', '01': 'again', '02': 'keepalive' }[kind] ?? kind,
    after: parseInt(after, 16) / 100,
  }
}

test('the connection that holds the jobs is probed every 15 seconds', async () => {
  await work()
  const clients = () => sql<{ name: string; port: number }[]>`
    select application_name as name, client_port as port from pg_stat_activity
    where datname = current_database() and pid <> pg_backend_pid()`
  expect((await clients()).map(({ name }) => name)).toContain('rozmowa-jobs')
  const unasked = async () =>
    (await clients())
      .map((client) => ({ ...client, ...timerOf(client.port) }))
      .filter(({ kind, after }) => kind !== 'keepalive' || after > 15)
  await expect.poll(unasked).toEqual([])
})

test('one of two processes runs the jobs, and the other replaces it', async () => {
  await work()
  const first = running!
  const waiting = work()
  await sleep(200)
  expect(running).toBe(first)
  await first.close()
  await waiting
  await give(1)
  await expect.poll(() => done).toEqual([1])
})
