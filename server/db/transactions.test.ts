import { setTimeout as sleep } from 'node:timers/promises'
import postgres from 'postgres'
import { afterAll, expect, test } from 'vitest'
import { freshDatabase } from '../testing/postgres.ts'

/** What postgres.js does when the connection of a transaction is cut; see patches/README.md. */
const url = await freshDatabase()
const sql = postgres(url, { max: 1, onnotice: () => {} })
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
