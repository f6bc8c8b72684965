import type postgres from 'postgres'
import { jobsSchema } from '../db/places.ts'

interface Table {
  schema: string
  name: string
  columns: string
}

const tablesOf = (sql: postgres.ISql) => sql<Table[]>`
  select table_schema as schema, table_name as name, string_agg(quote_ident(column_name), ', ') as columns
  from information_schema.columns join pg_tables on schemaname = table_schema and tablename = table_name
  where table_schema in ('public', ${jobsSchema}) and is_generated = 'NEVER' group by 1, 2 order by 1, 2`

const sequencesOf = (sql: postgres.ISql) => sql<{ name: string; last: string | null }[]>`
  select format('%I.%I', schemaname, sequencename) as name, last_value::text as last from pg_sequences
  where schemaname in ('public', ${jobsSchema})`

const original = ({ schema, name }: Table) => `"${schema}"."${name}"`
const copy = ({ schema, name }: Table) => `backup."${schema}.${name}"`

export interface Backup {
  /**
   * As psql does with a dump of the data, in one transaction: rows and sequences are again what they were.
   * @param before is done first, when nobody else can write any more
   */
  restore(before?: (tx: postgres.TransactionSql) => Promise<void>): Promise<void>
}

/** A dump of the data, kept in a schema `backup`, as of one moment. */
export async function backUp(sql: postgres.Sql): Promise<Backup> {
  const sequences = await sql.begin('isolation level repeatable read', async (tx) => {
    await tx`drop schema if exists backup cascade`
    await tx`create schema backup`
    for (const table of await tablesOf(tx))
      await tx.unsafe(`create table ${copy(table)} as table ${original(table)}`)
    return sequencesOf(tx)
  })
  return { restore: (before) => sql.begin((tx) => restore(tx, sequences, before)).then(() => {}) }
}

async function restore(
  tx: postgres.TransactionSql,
  sequences: { name: string; last: string | null }[],
  before: (tx: postgres.TransactionSql) => Promise<void> = async () => {},
): Promise<void> {
  await tx`set local session_replication_role = replica`
  const tables = await tablesOf(tx)
  await tx.unsafe(`lock table ${tables.map(original)} in access exclusive mode`)
  await before(tx)
  for (const table of tables) {
    const { columns } = table
    await tx.unsafe(`delete from ${original(table)}`)
    await tx.unsafe(
      `insert into ${original(table)} (${columns}) overriding system value select ${columns} from ${copy(table)}`,
    )
  }
  for (const { name, last } of sequences)
    await tx`select setval(${name}::text::regclass, ${last ?? '1'}::text::bigint, ${last !== null})`
}
