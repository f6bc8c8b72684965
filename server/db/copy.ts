import { pipeline } from 'node:stream/promises'
import type { ISql, TransactionSql } from 'postgres'
import { openPostgres } from './address.ts'
import { jobsSchema } from './places.ts'

interface Table {
  name: string
  columns: string
  values: string
}

const options = {
  max: 1,
  connect_timeout: 10,
  onnotice: () => {},
  connection: { TimeZone: 'UTC' },
}

/**
 * Brings every row of a database, as of one moment, and the state of its sequences into another of the same schema, in
 * place of what that holds; all of it or nothing.
 * @throws Error when there is something that has no place in the other, or did not arrive
 */
export async function copyDatabase(fromUrl: string, toUrl: string): Promise<void> {
  const from = openPostgres(fromUrl, options)
  const to = openPostgres(toUrl, options)
  try {
    await from.begin('isolation level repeatable read read only', (source) =>
      to.begin((target) => copyAll(source, target)),
    )
    await to`vacuum analyze`
    await to`checkpoint`
  } finally {
    await Promise.all([from.end({ timeout: 1 }), to.end({ timeout: 1 })])
  }
}

async function copyAll(source: TransactionSql, target: TransactionSql): Promise<void> {
  await refuseForeign(source, target)
  const tables = await tablesOf(target)
  // Triggers and foreign keys already applied when the rows were written.
  await target`set local session_replication_role = replica`
  await target.unsafe(`truncate ${tables.map(({ name }) => name).join(', ')}`)
  for (const table of tables) await copyTable(source, target, table)
  for (const sequence of await sequencesOf(target)) await copySequence(source, target, sequence)
}

async function refuseForeign(source: ISql, target: ISql): Promise<void> {
  const known = new Set(await columnsOf(target))
  const foreign = (await columnsOf(source)).filter((column) => !known.has(column))
  if (foreign.length > 0)
    throw new Error(`it holds what is not Rozmowa's, and would be lost: ${foreign.slice(0, 5).join(', ')}`)
}

/** Every column of every table and sequence, ours or not: `public.users.id`. */
async function columnsOf(sql: ISql): Promise<string[]> {
  const rows = await sql<{ name: string }[]>`
    select format('%I.%I.%I', nspname, relname, attname) as name
    from pg_attribute a join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace
    where relkind in ('r', 'p', 'S', 'm', 'f') and attnum > 0 and not attisdropped
      and nspname !~ '^pg_' and nspname <> 'information_schema'`
  return rows.map(({ name }) => name)
}

/** The numbers of another server's transactions mean nothing here; what they marked is past. See `adoptHistory`. */
const tablesOf = (sql: ISql) => sql<Table[]>`
  select format('%I.%I', nspname, relname) as name, string_agg(quote_ident(attname), ', ' order by attnum) as columns,
    string_agg(case when atttypid = 'xid8'::regtype then '''0''' else quote_ident(attname) end, ', ' order by attnum) as values
  from pg_class c join pg_namespace n on n.oid = c.relnamespace join pg_attribute a on a.attrelid = c.oid
  where relkind = 'r' and nspname in ('public', ${jobsSchema})
    and attnum > 0 and not attisdropped and attgenerated = ''
  group by nspname, relname order by nspname, relname`

async function copyTable(source: TransactionSql, target: TransactionSql, table: Table): Promise<void> {
  const { name, columns, values } = table
  await pipeline(
    await source.unsafe(`copy (select ${values} from ${name}) to stdout`).readable(),
    await target.unsafe(`copy ${name} (${columns}) from stdin`).writable(),
  )
  const [sent, arrived] = await Promise.all([source, target].map((sql) => countOf(sql, name)))
  if (sent !== arrived) throw new Error(`of ${sent} rows of ${name} ${arrived} arrived`)
}

async function countOf(sql: ISql, table: string): Promise<string> {
  const [row] = await sql.unsafe<[{ count: string }]>(`select count(*) from ${table}`)
  return row.count
}

async function sequencesOf(sql: ISql): Promise<string[]> {
  const rows = await sql<{ name: string }[]>`
    select format('%I.%I', schemaname, sequencename) as name from pg_sequences
    where schemaname in ('public', ${jobsSchema})`
  return rows.map(({ name }) => name)
}

async function copySequence(source: ISql, target: ISql, name: string): Promise<void> {
  const [state] = await source.unsafe<[{ last_value: string; is_called: boolean }]>(
    `select last_value, is_called from ${name}`,
  )
  await target`select setval(${name}::text::regclass, ${state.last_value}::text::bigint, ${state.is_called})`
}
