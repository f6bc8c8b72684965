import postgres, { type TransactionSql } from 'postgres'
import { config } from '../config.ts'

const options = {
  max: 10,
  connect_timeout: 5,
  onnotice: () => {},
  connection: {
    application_name: 'rozmowa',
    // So that naive timestamps of a portal's tables, which are UTC, mean the same as ours.
    TimeZone: 'UTC',
    statement_timeout: 10_000,
    idle_in_transaction_session_timeout: 10_000,
  },
  types: {
    // Ids and sequences stay far below 2^53; the contract has them as numbers.
    bigint: { to: 20, from: [20], parse: Number, serialize: String },
    // timestamp and timestamptz leave as the contract writes times: ISO 8601, UTC, milliseconds.
    time: {
      to: 1184,
      from: [1114, 1184],
      parse: isoTime,
      serialize: (time: Date | string) => `${time instanceof Date ? time.toISOString() : time}`,
    },
  },
} satisfies postgres.Options<Record<string, postgres.PostgresType>>

/** '2026-11-20 09:40:21.5+00' → '2026-11-20T09:40:21.500Z' */
function isoTime(text: string): string {
  return `${text.slice(0, 10)}T${text.slice(11, 19)}.${text.slice(20, 23).match(/^\d*/)?.[0].padEnd(3, '0')}Z`
}

const connect = (url: string) => postgres(url, options)
export type Sql = ReturnType<typeof connect>
/** The connection of a transaction; stores take it where they take the worker's connections. */
export type Transaction = TransactionSql<{ bigint: number; time: string }>
export type Connection = Sql | Transaction

/** The worker's connections: every store speaks through this. Set by `openDatabase`. */
export let sql: Sql

export async function openDatabase(url = config.databaseUrl): Promise<void> {
  if (!url) throw new Error('DATABASE_URL is not set')
  sql = connect(url)
  await sql`select 1`
}

/** Waits for running statements, at most 5 s. */
export async function closeDatabase(): Promise<void> {
  await sql.end({ timeout: 5 })
}
