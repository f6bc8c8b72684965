import type { Writable } from 'node:stream'
import { finished } from 'node:stream/promises'
import type { Sql, TransactionSql } from 'postgres'
import { endTurn } from '../jobs/turn.ts'
import { Stop } from '../terminal/stop.ts'
import { type DumpedTable, databaseFolder, nameOf, quoted, type Sequence } from './archive.ts'
import { countLines } from './dump.ts'
import { knownMigrations, lastMigration, makeTablesAsOf } from './migrations.ts'
import { type Contents, readArchive } from './read.ts'

/**
 * Puts the rows of a backup in place of those in the database, all of them or none. The tables are as they were when it
 * was made; whoever calls brings them up to date.
 * @throws Stop or Error; then the database is as it was
 */
export async function loadDatabase(
  sql: Sql,
  path: string,
  passphrase: string | undefined,
  { manifest, end }: Contents,
): Promise<void> {
  await sql.begin(async (tx) => {
    if ((await lastMigration(tx)).when !== manifest.migration.when)
      await makeTablesAsOf(tx, manifest.migration)
    const names = manifest.tables.map(quoted).join(', ')
    // Nobody writes in between.
    await tx.unsafe(`lock table ${names} in access exclusive mode`)
    const restoreRules = await suspendRules(tx, manifest.tables)
    await tx.unsafe(`truncate ${names}`)
    await refuseDifferent(await loadTables(tx, path, passphrase, manifest.tables), end.rows)
    for (const sequence of end.sequences) await setSequence(tx, sequence)
    for (const statement of restoreRules) await tx.unsafe(statement)
    await endTurn(tx)
  })
}

/**
 * Triggers have had their effect when the rows were written; references are checked when all rows are there.
 * @returns statements that put both back
 */
async function suspendRules(tx: TransactionSql, tables: DumpedTable[]): Promise<string[]> {
  const rules = await tx<{ suspend: string; restore: string }[]>`
    with t as (select c.oid, c.oid::regclass as name from pg_class c join pg_namespace n on n.oid = relnamespace
      where concat(nspname, '.', relname) = any(${tables.map(nameOf)}))
    select format('alter table %s drop constraint %I', t.name, conname) as suspend,
      format('alter table %s add constraint %I %s', t.name, conname, pg_get_constraintdef(f.oid)) as restore
    from pg_constraint f join t on t.oid = conrelid where contype = 'f'
    union all
    select format('alter table %s disable trigger %I', t.name, tgname),
      format('alter table %s enable trigger %I', t.name, tgname)
    from pg_trigger join t on t.oid = tgrelid where not tgisinternal and tgenabled = 'O'`
  for (const { suspend } of rules) await tx.unsafe(suspend)
  return rules.map(({ restore }) => restore)
}

/** @returns the number of rows of each table */
async function loadTables(
  tx: TransactionSql,
  path: string,
  passphrase: string | undefined,
  tables: DumpedTable[],
): Promise<Record<string, number>> {
  const rows = Object.fromEntries(tables.map((table) => [nameOf(table), 0]))
  let open: { name: string; sink: Writable } | undefined
  const close = async () => {
    open?.sink.end()
    if (open) await finished(open.sink)
    open = undefined
  }
  await readArchive(path, passphrase, async ({ name: entry, content }) => {
    if (!entry.startsWith(databaseFolder)) return 'enough'
    const name = entry.slice(databaseFolder.length).split('/')[0]!
    if (name !== open?.name) {
      await close()
      open = { name, sink: await openTable(tx, tables.find((table) => nameOf(table) === name)!) }
    }
    for await (const piece of content) {
      rows[name]! += countLines(piece)
      await write(open.sink, piece)
    }
    return undefined
  })
  await close()
  return rows
}

async function openTable(tx: TransactionSql, table: DumpedTable): Promise<Writable> {
  const columns = table.columns.map((column) => `"${column}"`).join(', ')
  const sink = await tx.unsafe(`copy ${quoted(table)} (${columns}) from stdin`).writable()
  // Of an error in the middle the next piece hears.
  return sink.on('error', () => {})
}

const write = (sink: Writable, piece: Buffer) =>
  new Promise<void>((resolve, reject) => {
    sink.write(piece, (error) => (error ? reject(sink.errored ?? error) : resolve()))
  })

function refuseDifferent(found: Record<string, number>, expected: Record<string, number>): void {
  for (const [name, rows] of Object.entries(expected))
    if (found[name] !== rows) throw new Stop(`of ${rows} rows of ${name} the backup has ${found[name]}`)
}

const setSequence = (tx: TransactionSql, { table, column, last, isCalled }: Sequence) =>
  tx`select setval(pg_get_serial_sequence(${table}, ${column}), ${last}::text::bigint, ${isCalled})`

const plainName = /^[a-z_]\w*$/

/** @throws Stop when a backup is of a version that this program does not know, or names what no table of ours is called */
export async function refuseUnknown({ manifest }: Contents): Promise<void> {
  const names = manifest.tables.flatMap(({ schema, name, columns }) => [schema, name, ...columns])
  if (!names.every((name) => plainName.test(name))) throw new Stop('the backup was not made by Rozmowa')
  const known = (await knownMigrations()).some(({ when }) => when === manifest.migration.when)
  if (!known) throw new Stop('the backup was made by a newer version of Rozmowa: restore it with that one')
}
