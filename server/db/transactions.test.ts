import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import postgres from 'postgres'
import { afterAll, expect, test } from 'vitest'
import { freshDatabase } from '../testing/postgres.ts'

/** What postgres.js does when a connection is cut, or a statement fails, beside others; see patches/README.md. */
const url = await freshDatabase()
// As in db/client.ts: otherwise a query of the driver's own is the first of each connection.
const sql = postgres(url, { max: 1, onnotice: () => {}, fetch_types: false })
const admin = postgres(url, { max: 1 })
afterAll(() => Promise.all([sql.end({ timeout: 1 }), admin.end()]))
await admin`create table written (what text)`

const cut = (pid: number) => admin`select pg_terminate_backend(${pid})`
const pidOf = async (tx: postgres.TransactionSql) =>
  (await tx<[{ pid: number }]>`select pg_backend_pid() as pid`)[0].pid
const written = async () =>
  (await admin<{ what: string }[]>`select what from written`).map(({ what }) => what)

test('a transaction that lost its connection writes nothing through the next one', async () => {
  // The transaction is given up at once, and what it does goes on.
  const late = Promise.withResolvers<unknown>()
  const lost = sql.begin(async (tx) => {
    await cut(await pidOf(tx))
    await sleep(100)
    // Another query has the connection by now.
    await sql`select 1`
    const insert = tx`insert into written values ('outside of any transaction')`
    late.resolve(await insert.catch((error) => error))
  })
  await expect(lost).rejects.toThrow(/CONNECTION_CLOSED|terminat/)
  expect(await late.promise).toMatchObject({ code: 'CONNECTION_CLOSED' })
  expect(await written()).toEqual([])
})

test('whatever transactions are cut, every query gets its own answer', async () => {
  const wrong: unknown[] = []
  for (let round = 0; round < 40; round++) {
    const lost = sql
      .begin(async (tx) => {
        const pid = await pidOf(tx)
        await Promise.all([cut(pid), tx`select pg_sleep(${(round % 4) / 100})`, tx`select 'in between'`])
      })
      .catch(() => {})
    const answers = Array.from({ length: 10 }, async (_, i) => {
      const asked = round * 10 + i
      const [row] = await sql<{ answer: number }[]>`select ${asked}::int as answer`.catch(() => [
        { answer: asked },
      ])
      if (row?.answer !== asked) wrong.push({ asked, row })
    })
    await Promise.all([lost, ...answers])
  }
  expect(wrong).toEqual([])
})

test('an answer that is cut off leaves nothing behind for the next one', async () => {
  const half = sql`
    select i, repeat('x', 100) as filling, pg_sleep(case when i < 500 then 0 else 1 end)
    from generate_series(1, 501) i`.catch(() => {})
  const serving = () => admin<{ pid: number }[]>`
    select pid from pg_stat_activity
    where datname = current_database() and wait_event = 'PgSleep' and query like '%filling%'`
  await expect.poll(serving).toHaveLength(1)
  // The first rows have come by now.
  await sleep(100)
  await cut((await serving())[0]!.pid)
  await half
  const [row] = await sql`select 'whole' as answer`
  expect(row).toEqual({ answer: 'whole' })
})

test('a query that cannot be sent fails alone, and takes no answer of another', async () => {
  await sql`select 1`
  const before = sql<{ answer: string }[]>`select 'first' as answer, pg_sleep(0.05)`
  const unsendable = sql<{ answer: string }[]>`select ${undefined as unknown as string}::text as answer`
  const after = sql<{ answer: string }[]>`select 'third' as answer`
  const answers = await Promise.allSettled([before, unsendable, after])
  const seen = answers.map((each) => (each.status === 'fulfilled' ? each.value[0]!.answer : each.reason.code))
  expect(seen).toEqual(['first', 'UNDEFINED_VALUE', 'third'])
})

test('a transaction may begin behind as many queries as are sent at once', async () => {
  await sql`select 1`
  const before = Array.from({ length: 100 }, (_, i) => sql.unsafe(`select ${i}`).execute())
  await sql.begin(async (tx) => {
    await tx`insert into written values ('behind a hundred')`
  })
  await Promise.all(before)
  expect(await written()).toContain('behind a hundred')
})

test('what a transaction asks after its end is refused', async () => {
  let ended: postgres.TransactionSql | undefined
  await sql.begin(async (tx) => {
    ended = tx
    await tx`select 1`
  })
  const late = ended!`insert into written values ('after the end')`
  await expect(late.execute()).rejects.toMatchObject({ code: 'TRANSACTION_ENDED' })
  expect(await written()).not.toContain('after the end')
})

test('while a statement whose table has changed is prepared anew, every query gets its own answer', async () => {
  await admin`create table changing (id int)`
  await admin`insert into changing values (1)`
  const wrong: unknown[] = []
  let isOver = false
  const others = Array.from({ length: 5 }, async (_, lane) => {
    for (let i = 0; !isOver; i++) {
      const [row] = await sql<{ answer: number }[]>`select ${lane * 1e6 + i}::int as answer`
      if (row?.answer !== lane * 1e6 + i) wrong.push({ lane, i, row })
    }
  })
  for (let round = 0; round < 20; round++) {
    const [row] = await sql`select * from changing where id = (${sql.json({ id: 1 })}::jsonb ->> 'id')::int`
    if (Object.keys(row ?? {}).length !== round + 1) wrong.push({ round, row })
    await admin.unsafe(`alter table changing add column more_${round} text default 'new'`)
  }
  isOver = true
  await Promise.all(others)
  expect(wrong).toEqual([])
})

test('a pool that is closed while it connects opens nothing afterwards', async () => {
  const name = 'closed while connecting'
  const pool = postgres(url, { max: 3, connection: { application_name: name }, backoff: () => 0.2 })
  await Promise.all([1, 2, 3].map(() => pool`select pg_sleep(0.05)`))
  await admin`select pg_terminate_backend(pid) from pg_stat_activity where application_name = ${name}`
  await sleep(50)
  const refused = [1, 2, 3].map(() => pool`select 1`.catch((error) => error.code))
  await sleep(20)
  await pool.end({ timeout: 0 })
  expect(await Promise.all(refused)).toEqual(Array(3).fill('CONNECTION_DESTROYED'))
  await sleep(500)
  expect(await admin`select from pg_stat_activity where application_name = ${name}`).toHaveLength(0)
})

test('rows that are refused behind the last of them end in an error', async () => {
  await admin`create table copied (id int primary key)`
  const copying = sql.begin(async (tx) => {
    const sink = await tx`copy copied from stdin`.writable()
    await pipeline(Readable.from(['1\n', '1\n']), sink)
  })
  await expect(copying).rejects.toMatchObject({ code: '23505' })
  expect(await sql`select * from copied`).toEqual([])
})
