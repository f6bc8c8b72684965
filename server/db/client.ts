import type postgres from 'postgres'
import type { TransactionSql } from 'postgres'
import { config } from '../config.ts'
import { openPostgres } from './address.ts'
import { explainDatabase } from './explain.ts'
import { primaryOf } from './primary.ts'
import { reach } from './reach.ts'
import { watchDatabase } from './watch.ts'

/** Of one process. */
const maxConnections = 10

/** Whether `sql` goes through a pooler. */
let isPooled = false

const options = {
  max: maxConnections,
  connect_timeout: 5,
  // Seconds before the next attempt, so that a returning database is used within one.
  backoff: (failures: number) => Math.min(0.05 * 2 ** failures, 1),
  onnotice: () => {},
  connection: {
    application_name: 'rozmowa',
    // So that naive timestamps of a portal's tables, which are UTC, mean the same as ours.
    TimeZone: 'UTC',
    statement_timeout: 10_000,
    idle_in_transaction_session_timeout: 10_000,
    // Our statements read index ranges, whatever the values: planning them each time costs more than running them.
    plan_cache_mode: 'force_generic_plan',
    // A plan stays until its tables are analyzed: one that was made while they were empty must not read them whole.
    enable_seqscan: 'off',
    // To start others takes longer than most statements. Not a number: the driver leaves out what is 0.
    max_parallel_workers_per_gather: '0',
  },
  // Asked at every new connection, and when that connection dies over it the answer is an unhandled rejection: the
  // worker would fall. The two kinds of lists that we send are below.
  fetch_types: false,
  types: {
    ids: { to: 1016, from: [1007, 1016], parse: parseIds, serialize: list },
    texts: { to: 1009, from: [], parse: (text: string) => text, serialize: list },
    names: { to: 1015, from: [], parse: (text: string) => text, serialize: list },
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

/** '{1,2}' → [1, 2] */
function parseIds(text: string): number[] {
  return text === '{}' ? [] : text.slice(1, -1).split(',').map(Number)
}

/** ['a', 'b'] → '{"a","b"}' */
function list(items: readonly (string | number)[]): string {
  return `{${items.map((item) => `"${String(item).replace(/[\\"]/g, '\\$&')}"`).join(',')}}`
}

/** '2026-11-20 09:40:21.5+00' → '2026-11-20T09:40:21.500Z' */
function isoTime(text: string): string {
  return `${text.slice(0, 10)}T${text.slice(11, 19)}.${text.slice(20, 23).match(/^\d*/)?.[0].padEnd(3, '0')}Z`
}

const connect = (url: string) => openPostgres(url, options, isPooled)
export type Sql = ReturnType<typeof connect>
type Types = Sql extends postgres.Sql<infer T> ? T : never
/** The connection of a transaction; stores take it where they take the worker's connections. */
export type Transaction = TransactionSql<Types>
export type Connection = Sql | Transaction

/** The worker's connections: every store speaks through this. Set by `openDatabase`. */
export let sql: Sql
let openedUrl: string
/** The server that `sql` asks, of those that the address names. */
export const openedServer = (): string => openedUrl

/** @throws Error with one line that says why it cannot be used */
export async function openDatabase(url = config.databaseUrl): Promise<void> {
  if (!url) throw new Error('DATABASE_URL is not set')
  isPooled = config.isPooled && url === config.databaseUrl
  try {
    openedUrl = await primaryOf(url, isPooled)
    sql = connect(openedUrl)
    watchDatabase(sql, openedUrl, maxConnections)
    await reach(sql)
  } catch (error) {
    throw explainDatabase(url, error)
  }
}

/**
 * The settings that this connection was to have and has not: a pooler keeps what its own configuration says.
 * @returns 'name = wanted, not actual' of each
 */
export async function differingSettings(): Promise<string[]> {
  const { application_name: _, ...wanted } = options.connection
  const rows = await sql<{ name: string; value: string; unit: string | null }[]>`
    select name, setting as value, unit from pg_settings where name = any(${Object.keys(wanted)})`
  const actual = new Map(rows.map(({ name, value }) => [name, value]))
  return Object.entries(wanted)
    .filter(([name, value]) => actual.get(name) !== `${value}`)
    .map(([name, value]) => `${name} = ${value}, not ${actual.get(name)}`)
}

/** Fails what waits for the database, and whatever asks it until `resumeDatabase`. */
export const suspendDatabase = (): Promise<void> => sql.end({ timeout: 0 })

/** @param url another server's, when that has taken over */
export function resumeDatabase(url = openedUrl): void {
  openedUrl = url
  sql = connect(url)
  watchDatabase(sql, url, maxConnections)
}

/** A sort that exceeds the work memory is written to the disk, without leaving anything there. */
const needsDisk = "set local work_mem = '64kB'; select count(*) from generate_series(1, 10000)"

/** @throws Error when the database is away, takes no writes, or has no room for them */
export async function mustTakeWrites(): Promise<void> {
  const [row] = await sql<
    [{ readonly: boolean }]
  >`select current_setting('transaction_read_only')::bool as readonly`
  if (row.readonly) throw new Error('the database is read-only')
  await sql.unsafe(needsDisk)
}

/** Waits for running statements, at most 5 s. */
export async function closeDatabase(): Promise<void> {
  await sql?.end({ timeout: 5 })
}
