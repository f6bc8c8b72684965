/**
 * A backup is a tar archive, compressed by zstd and, with a passphrase, encrypted as age does:
 *
 *     manifest.json                            what it is of, and which program reads it
 *     database/public.messages/000001.copy     rows, as COPY writes them, in pieces
 *     secret                                   what signs the cookies
 *     files/attachments/…, files/previews/…
 *     end.json                                 counts, and the checksum of all that comes before it
 */
export interface Manifest {
  format: number
  made_at: string
  postgres: string
  /** The time of the last migration, by which `drizzle/meta/_journal.json` knows it, and its name. */
  migration: { when: number; tag: string }
  tables: DumpedTable[]
}

export interface DumpedTable {
  schema: string
  name: string
  columns: string[]
}

export interface End {
  /** The number of rows by `schema.name` of the table. */
  rows: Record<string, number>
  /** Where each sequence stands, by the column that it numbers. */
  sequences: Sequence[]
  files: number
  bytes: number
  /** Files that the database knows, and that were in no place already. */
  missing: number
  sha256: string
}

export interface Sequence {
  table: string
  column: string
  last: string
  isCalled: boolean
}

export const format = 1
export const manifestName = 'manifest.json'
export const endName = 'end.json'
export const secretName = 'secret'
export const databaseFolder = 'database/'
export const filesFolder = 'files/'

export const nameOf = ({ schema, name }: DumpedTable) => `${schema}.${name}`
/** Quoted, for a statement. */
export const quoted = ({ schema, name }: DumpedTable) => `"${schema}"."${name}"`

/** What the checksum says of an entry besides its content. */
export const headOf = (name: string, size: number) => `${name}\0${size}\0`
