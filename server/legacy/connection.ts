import type postgres from 'postgres'
import { openPostgres } from '../db/address.ts'

const options = {
  // One, so that the lock, the transaction and everything between them share a session.
  max: 1,
  max_lifetime: null,
  connect_timeout: 10,
  onnotice: () => {},
  connection: {
    application_name: 'rozmowa migrate:legacy',
    // So that naive timestamps of a portal's tables, which are UTC, mean the same as ours.
    TimeZone: 'UTC',
    statement_timeout: 0,
    idle_in_transaction_session_timeout: 0,
    // Each statement runs once: JIT compilation would take longer than it saves.
    jit: 'off',
  },
  types: { bigint: { to: 20, from: [20], parse: Number, serialize: String } },
} satisfies postgres.Options<Record<string, postgres.PostgresType>>

/** The one connection of a move: without the time limits of the service's. Ids and counts are numbers. */
export const connect = (url: string) => openPostgres(url, options)

export type Sql = ReturnType<typeof connect>
type Types = Sql extends postgres.Sql<infer T> ? T : never
export type Transaction = postgres.TransactionSql<Types>
export type Connection = Sql | Transaction

/** Any number, as long as it is the same for every run. */
const lock = 0x6c656761

/**
 * Keeps other runs out until the connection ends. Not inside the transaction, which would see the database as it was
 * before the other run ended.
 */
export async function lockOut(sql: Sql, waiting: () => void): Promise<void> {
  const [row] = await sql<[{ free: boolean }]>`select pg_try_advisory_lock(${lock}) as free`
  if (row.free) return
  waiting()
  await sql`select pg_advisory_lock(${lock})`
}

/** Thrown to leave a transaction whose work is not to be kept, though nothing is wrong with it. */
class RolledBack extends Error {}

const tries = 3
/** A concurrent write to the same conversation. */
const collisions = new Set(['40001', '40P01'])

/**
 * Runs `work` in one transaction that sees the old tables as they are at its beginning, whatever the portal goes on
 * writing; once more when members of the service got in between.
 */
export async function inTransaction<T>(
  sql: Sql,
  keep: boolean,
  work: (tx: Transaction) => Promise<T>,
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    let result: T | undefined
    try {
      await sql.begin('isolation level repeatable read', async (tx) => {
        await tx`set local lock_timeout = '30s'`
        result = await work(tx)
        if (!keep) throw new RolledBack()
      })
      return result as T
    } catch (error) {
      if (error instanceof RolledBack) return result as T
      if (attempt === tries || !collisions.has((error as { code?: string }).code ?? '')) throw error
    }
  }
}
