import type { Row } from '../db/schema.ts'
import type { Connection, Transaction } from './connection.ts'
import type { Report } from './report.ts'

/**
 * Names that can only be a file in our own folder. The column is the portal's, so other values are not linked: they would
 * be served from wherever they lead.
 */
export const safeName = (db: Connection) =>
  db`(a.stored_filename ~ '^[^/\\\\]+$' and a.stored_filename not in ('.', '..') and a.stored_filename not like '%-thumbnail')`

/** Whether the table has been the portal's; where the service made it, it has no old attachments. */
export async function hasOldAttachments(db: Connection): Promise<boolean> {
  const [row] = await db<[{ count: number }]>`
    select count(*) from pg_attribute where attrelid = to_regclass('message_attachments')
      and attname in ('message_id', 'group_message_id') and not attisdropped`
  return row.count === 2
}

/** Old attachments point to their new messages. */
export async function linkAttachments(tx: Transaction, report: Report): Promise<void> {
  const { count } = await tx`
    update message_attachments a set new_message_id = lm.message_id
    from legacy_messages lm
    where a.new_message_id is null and lm.part = 1 and lm.message_id is not null and ${safeName(tx)}
      and lm.source = case when a.message_id is not null then 'private' else 'group' end
      and lm.legacy_id = coalesce(a.message_id, a.group_message_id)`
  report.count('attachments', count)
  const left = await tx<(Row<'message_attachments', 'id'> & { is_orphan: boolean })[]>`
    select a.id, a.message_id is null and a.group_message_id is null as is_orphan
    from message_attachments a
    where a.new_message_id is null and a.uploader_id is null
    order by a.id`
  for (const { id, is_orphan } of left)
    report.notes.push({
      table: 'message_attachments',
      id,
      reason: is_orphan ? 'belongs to no message: left' : 'has a stored name that leads elsewhere: left',
    })
  const orphans = left.filter((row) => row.is_orphan).length
  report.count('attachments_of_nothing', orphans)
  report.count('attachments_refused', left.length - orphans)
}
