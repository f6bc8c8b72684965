import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { sql } from '../db/client.ts'
import type { Row } from '../db/schema.ts'
import { log } from '../log.ts'
import { filesOlderThan } from './folder.ts'
import { emptyHeld } from './held.ts'
import { keptFiles, originalOf, storage, thumbnailOf, uploadsFolder } from './storage.ts'
import { unnamed } from './store.ts'
import { type Named, tidyFiles } from './tidy.ts'

const hour = 60 * 60 * 1000
const batch = 500

export const namedFiles: Named = {
  what: 'attachments',
  ...keptFiles,
  async unnamed(names) {
    const unknown = new Set(await unnamed([...new Set(names.map(originalOf))]))
    return names.filter((name) => unknown.has(originalOf(name)))
  },
}

/** Sweeps now and every hour. @returns stops it, and waits for a running sweep */
export function startSweep(): () => Promise<void> {
  let running = Promise.resolve()
  const run = () => {
    running = sweep().catch((error) =>
      log.warn({ err: error }, 'the sweep of attachments failed; the next tries again'),
    )
  }
  const timer = setInterval(run, hour)
  run()
  return () => {
    clearInterval(timer)
    return running
  }
}

/**
 * Discards uploads not sent within a day, and what a crash left behind. All of it stays in the trash for 30 days, for
 * the database may be a restored backup that does not know that an upload was sent later. Many workers may sweep at
 * once.
 */
export async function sweep(): Promise<void> {
  // No upload takes an hour.
  for await (const name of filesOlderThan(uploadsFolder, Date.now() - hour))
    await rm(join(uploadsFolder, name), { recursive: true, force: true })
  await emptyHeld()
  if (await tidyFiles(namedFiles)) await discardUnsent()
}

async function discardUnsent(): Promise<void> {
  for (let names = await deleteUnsent(batch); names.length > 0; names = await deleteUnsent(batch))
    for (const name of await unnamed(names))
      for (const file of [name, thumbnailOf(name)]) await storage.moveTo(keptFiles.trash, file)
}

/**
 * Deletes attachments that were uploaded a day ago and neither sent nor scheduled, `limit` at a time; another worker takes others.
 * @returns the names of their files
 */
async function deleteUnsent(limit: number): Promise<string[]> {
  const rows = await sql<Row<'message_attachments', 'stored_filename'>[]>`
    delete from message_attachments where id in (
      select id from message_attachments
      where new_message_id is null and uploader_id is not null and created_at < now() - interval '24 hours'
        and not exists (select from scheduled_attachments f where f.attachment_id = message_attachments.id)
      limit ${limit}
      for update skip locked)
    returning stored_filename`
  return rows.map((row) => row.stored_filename)
}
