import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { ISql } from 'postgres'
import { jobsSchema, migrationsFolder } from '../db/places.ts'
import type { DumpedTable, Sequence } from './archive.ts'

/** What is still to be done; not what graphile-worker knows of itself. */
const jobs = ['_private_tasks', '_private_job_queues', '_private_jobs']
/** Not the job that is making this backup: it would run again where that is restored. */
const others = `where task_id not in (select id from ${jobsSchema}._private_tasks where identifier = 'backup')`
export const migrationsTable = '__drizzle_migrations'

/** Our columns by table: a portal may have tables beside ours, and columns in them. */
async function ownColumns(): Promise<Map<string, string[]>> {
  const schema = await readFile(join(migrationsFolder, 'schema.sql'), 'utf8')
  const tables = schema.matchAll(/^CREATE TABLE (\w+) \(\n(.*?)\n\)/gms)
  return new Map(
    [...tables].map(([, name, body]) => [
      name!,
      [...body!.matchAll(/^ {2}([a-z]\w*) /gm)].map(([, column]) => column!),
    ]),
  )
}

export interface Table extends DumpedTable {
  /** What is written down for each column. */
  values: string[]
  /** Which rows. */
  where: string
}

/** Our tables in this database, with what is written down of them. */
export async function tablesOf(sql: ISql): Promise<Table[]> {
  const own = await ownColumns()
  const rows = await sql<Omit<Table, 'where'>[]>`
    select nspname as schema, relname as name, array_agg(attname::text order by attnum) as columns,
      -- Numbers of transactions mean nothing to another server, and what is locked by a process is no more.
      array_agg(case when atttypid = 'xid8'::regtype then '''0''' when attname in ('locked_at', 'locked_by')
        then 'null' else quote_ident(attname) end order by attnum) as values
    from pg_class c join pg_namespace n on n.oid = c.relnamespace join pg_attribute a on a.attrelid = c.oid
    where relkind = 'r' and attnum > 0 and not attisdropped and attgenerated = ''
      and (nspname = 'public' and relname = any(${[...own.keys()]}) or nspname = ${jobsSchema} and relname = any(${jobs}))
    group by nspname, relname order by nspname, relname`
  return rows.map((table) => {
    const isOurs = (column: string) => table.schema !== 'public' || own.get(table.name)!.includes(column)
    const kept = table.columns
      .map((column, i) => [column, table.values[i]!] as const)
      .filter(([column]) => isOurs(column))
    return {
      ...table,
      columns: kept.map(([column]) => column),
      values: kept.map(([, value]) => value),
      where: table.name === '_private_jobs' ? others : '',
    }
  })
}

/** Tables beside ours: a portal's. */
export async function foreignTables(sql: ISql): Promise<string[]> {
  const own = [...(await ownColumns()).keys(), migrationsTable]
  const rows = await sql<{ name: string }[]>`
    select relname as name from pg_class
    where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') and relname <> all(${own}) order by 1`
  return rows.map(({ name }) => name)
}

/** Where the numbering of each column stands. */
export async function sequencesOf(sql: ISql, tables: DumpedTable[]): Promise<Sequence[]> {
  const found = await sql<{ table: string; column: string; name: string }[]>`
    select concat(nspname, '.', relname) as table, attname as column,
      pg_get_serial_sequence(format('%I.%I', nspname, relname), attname) as name
    from pg_class c join pg_namespace n on n.oid = c.relnamespace join pg_attribute a on a.attrelid = c.oid
    where relkind = 'r' and attnum > 0 and not attisdropped
      and concat(nspname, '.', relname) = any(${tables.map(({ schema, name }) => `${schema}.${name}`)})
      and pg_get_serial_sequence(format('%I.%I', nspname, relname), attname) is not null`
  const sequences: Sequence[] = []
  for (const { table, column, name } of found) {
    const [row] = await sql.unsafe<[{ last: string; isCalled: boolean }]>(
      `select last_value::text as last, is_called as "isCalled" from ${name}`,
    )
    sequences.push({ table, column, ...row })
  }
  return sequences
}
