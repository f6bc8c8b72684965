import type { Transaction } from '../db/client.ts'
import type { Row } from '../db/schema.ts'
import { removeUnlessHeld } from './held.ts'
import { keptFiles, thumbnailOf } from './storage.ts'
import { unnamed } from './store.ts'

/**
 * Deletes a message's attachments inside the caller's transaction.
 * @returns the names of their files, for `removeFiles` after the commit
 */
export async function forgetAttachments(tx: Transaction, messageId: number): Promise<string[]> {
  const rows = await tx<Row<'message_attachments', 'stored_filename'>[]>`
    delete from message_attachments where new_message_id = ${messageId} returning stored_filename`
  return rows.map((row) => row.stored_filename)
}

/** Removes the files that no attachment references any more: a forwarded message shares its files. */
export async function removeFiles(names: string[]): Promise<void> {
  for (const name of await unnamed(names)) await removeFile(name)
}

/** Removes a file with its thumbnail. */
export async function removeFile(name: string): Promise<void> {
  await removeUnlessHeld(keptFiles, [name, thumbnailOf(name)])
}
