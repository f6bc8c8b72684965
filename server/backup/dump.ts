import type { Sql, TransactionSql } from 'postgres'
import { thumbnailOf } from '../attachments/storage.ts'
import { keptName } from '../messages/link-preview.ts'
import {
  databaseFolder,
  format,
  type Manifest,
  manifestName,
  nameOf,
  quoted,
  type Sequence,
} from './archive.ts'
import { lastMigration } from './migrations.ts'
import { sequencesOf, type Table, tablesOf } from './tables.ts'
import type { ArchiveWriter } from './write.ts'

/** The least that a piece of a table has, in bytes. */
const pieceBytes = 1024 * 1024

export interface Dump {
  rows: Record<string, number>
  sequences: Sequence[]
  /** Names in the storage of attachments, and in that of previews' pictures. */
  files: { attachments: string[]; previews: string[] }
}

/** Writes down all rows as of one moment, while members go on writing. @throws Error when the database is a newer version's */
export function dumpDatabase(sql: Sql, archive: ArchiveWriter): Promise<Dump> {
  return sql.begin('isolation level repeatable read read only', async (tx) => {
    const tables = await tablesOf(tx)
    await archive.add(manifestName, JSON.stringify(await manifestOf(tx, tables)))
    const rows: Dump['rows'] = {}
    for (const table of tables) rows[nameOf(table)] = await dumpTable(tx, table, archive)
    return { rows, sequences: await sequencesOf(tx, tables), files: await filesOf(tx) }
  }) as Promise<Dump>
}

async function manifestOf(tx: TransactionSql, tables: Table[]): Promise<Manifest> {
  const [{ version, now }] = await tx<[{ version: string; now: Date }]>`
    select current_setting('server_version') as version, now() as now`
  return {
    format,
    made_at: now.toISOString(),
    postgres: version,
    migration: await lastMigration(tx),
    tables: tables.map(({ schema, name, columns }) => ({ schema, name, columns })),
  }
}

/** @returns the number of its rows */
async function dumpTable(tx: TransactionSql, table: Table, archive: ArchiveWriter): Promise<number> {
  const rows = await tx
    .unsafe(`copy (select ${table.values.join(', ')} from ${quoted(table)} ${table.where}) to stdout`)
    .readable()
  let count = 0
  let pieces = 0
  const write = (piece: Buffer) => {
    count += countLines(piece)
    return archive.add(`${databaseFolder}${nameOf(table)}/${`${++pieces}`.padStart(6, '0')}.copy`, piece)
  }
  let held: Buffer[] = []
  let bytes = 0
  for await (const row of rows as AsyncIterable<Buffer>) {
    held.push(row)
    bytes += row.length
    if (bytes < pieceBytes) continue
    await write(Buffer.concat(held))
    held = []
    bytes = 0
  }
  if (bytes > 0) await write(Buffer.concat(held))
  return count
}

/** A line of COPY is a row: those inside of values are written as `\n`. */
export function countLines(piece: Buffer): number {
  let count = 0
  for (let at = piece.indexOf(10); at >= 0; at = piece.indexOf(10, at + 1)) count++
  return count
}

/** Not those of a portal's old attachments, which are in the portal's own folder. */
async function filesOf(tx: TransactionSql): Promise<Dump['files']> {
  const attachments = await tx<{ name: string; isPicture: boolean }[]>`
    select stored_filename as name, bool_or(width is not null) as "isPicture" from message_attachments
    where new_message_id is not null or uploader_id is not null group by 1`
  const previews = await tx<{ image: string }[]>`
    select distinct link_preview ->> 'image' as image from messages where link_preview ->> 'image' is not null`
  return {
    attachments: attachments.flatMap(({ name, isPicture }) =>
      isPicture ? [name, thumbnailOf(name)] : [name],
    ),
    previews: previews.map(({ image }) => keptName(image)).filter((name) => name !== undefined),
  }
}
