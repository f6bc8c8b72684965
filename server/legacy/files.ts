import { randomUUID } from 'node:crypto'
import { copyFile, mkdir, realpath, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { storage, uploadsFolder } from '../attachments/storage.ts'
import type { Row } from '../db/schema.ts'
import { hasOldAttachments, safeName } from './attachments.ts'
import type { Sql, Transaction } from './connection.ts'
import type { Progress } from './progress.ts'
import type { Note, Report } from './report.ts'

type Wanted = Row<'message_attachments', 'id' | 'stored_filename' | 'file_size'>

/**
 * The files of the old attachments: copied beforehand, which may take long, and moved into the storage just before the
 * commit. What a killed run leaves in the uploads folder is swept by the service.
 */
export class Files {
  readonly #folder = join(uploadsFolder, randomUUID())
  readonly #uploads: string | undefined
  readonly #dryRun: boolean
  readonly #copied = new Set<string>()
  readonly #placed = new Set<string>()
  readonly #notes: Note[] = []
  readonly #figures = { files_there: 0, files_copied: 0, files_missing: 0 }

  constructor({ uploads, dryRun }: { uploads: string | undefined; dryRun: boolean }) {
    this.#uploads = uploads
    this.#dryRun = dryRun
  }

  /** Copies what is not in the storage yet; a dry run only checks. */
  async fetch(sql: Sql, progress: Progress): Promise<void> {
    if (!(await hasOldAttachments(sql))) return
    const [row] = await sql<[{ count: number }]>`select count(*) from ${wanted(sql)}`
    let done = 0
    for await (const rows of sql<Wanted[]>`
      select a.id, a.stored_filename, a.file_size from ${wanted(sql)} order by a.id`.cursor(500)) {
      for (const each of rows) await this.#fetchOne(each)
      done += rows.length
      progress.show('Files', done, row.count)
    }
  }

  async #fetchOne({ id, stored_filename: name, file_size }: Wanted): Promise<void> {
    if (this.#copied.has(name)) return
    const there = await storage.size(name)
    if (there !== undefined) return this.#take('files_there', id, there, file_size)
    const path = this.#uploads === undefined ? undefined : await fileIn(this.#uploads, name)
    const size = path === undefined ? undefined : await sizeOf(path)
    if (path === undefined || size === undefined) {
      this.#figures.files_missing++
      if (this.#uploads !== undefined) this.#note(id, `its file ${name} is not in ${this.#uploads}`)
      return
    }
    if (!this.#dryRun) await this.#copy(path, name, size)
    this.#copied.add(name)
    this.#take('files_copied', id, size, file_size)
  }

  #take(figure: 'files_there' | 'files_copied', id: number, size: number, expected: number): void {
    this.#figures[figure]++
    if (size !== expected)
      this.#note(id, `its file has ${size} bytes, not the ${expected} that the portal has stored`)
  }

  async #copy(path: string, name: string, size: number): Promise<void> {
    await mkdir(this.#folder, { recursive: true, mode: 0o700 })
    const copy = join(this.#folder, name)
    await copyFile(path, copy)
    if ((await sizeOf(copy)) !== size) throw new Error(`${name} was not copied completely`)
  }

  #note(id: number, reason: string): void {
    this.#notes.push({ table: 'message_attachments', id, reason })
  }

  /** Moves the copies into the storage, and records their names. */
  async place(tx: Transaction, report: Report): Promise<void> {
    for (const [figure, count] of Object.entries(this.#figures)) report.count(figure, count)
    report.notes.push(...this.#notes)
    const names = [...this.#copied]
    if (this.#dryRun || names.length === 0) return
    await tx`insert into legacy_files select unnest(${names}::text[]) on conflict do nothing`
    for (const name of names) {
      if (!this.#placed.has(name)) await storage.put(join(this.#folder, name), name)
      this.#placed.add(name)
    }
  }

  /** Cleans up, removing what was moved into the storage unless it was `kept`. */
  async close(kept: boolean): Promise<void> {
    if (!kept) for (const name of this.#placed) await storage.remove(name)
    await rm(this.#folder, { recursive: true, force: true })
  }
}

/** Old attachments whose file someone may see. */
const wanted = (sql: Sql) => sql`
  message_attachments a
  left join private_messages p on p.id = a.message_id
  left join group_message g on a.message_id is null and g.id = a.group_message_id
  where ${safeName(sql)} and (
    p.id is not null and not (p.deleted_by_sender is true and p.deleted_by_recipient is true)
    or g.id is not null and g.is_deleted is not true)`

/** The path of a file in the folder; undefined when there is none, or a link leads out of the folder. */
async function fileIn(folder: string, name: string): Promise<string | undefined> {
  const [home, path] = await Promise.all([realpath(folder), realpath(join(folder, name))]).catch(() => [])
  return path && dirname(path) === home ? path : undefined
}

const sizeOf = (path: string) =>
  stat(path).then(
    (found) => (found.isFile() ? found.size : undefined),
    () => undefined,
  )
