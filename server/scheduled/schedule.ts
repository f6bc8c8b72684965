import { randomUUID } from 'node:crypto'
import { limits } from '../contract/limits.ts'
import type { Scheduled } from '../contract/scheduled.ts'
import { sql, type Transaction } from '../db/client.ts'
import { mustBeRepliable } from '../drafts/store.ts'
import { enqueue } from '../jobs/enqueue.ts'
import { namesIn } from '../mentions/store.ts'
import { cleanContent } from '../messages/content.ts'
import { publishDraft } from '../messages/publish.ts'
import { noSuchAttachment } from '../messages/refusals.ts'
import { anyDraft, type NewMessage } from '../messages/send.ts'
import { conflict } from '../web/problem.ts'
import { publishScheduled } from './publish.ts'
import { completed, type ScheduledRow, scheduledColumns } from './store.ts'

interface Wanted extends NewMessage {
  /** ISO 8601 in UTC. */
  send_at: string
}

interface Stored {
  scheduled: Scheduled
  isNew: boolean
  /** Of the draft that it was. */
  draftVersion: number | null
}

/**
 * Keeps a message until its time, and ends its draft. The same `client_id` again returns the first one.
 * @throws Problem 400, 404, 413; 409 when too many wait
 */
export async function scheduleMessage(
  userId: number,
  conversationId: number,
  wanted: Wanted,
): Promise<Omit<Stored, 'draftVersion'>> {
  await mustBeRepliable(userId, conversationId, wanted.reply_to_id)
  const files = [...new Set(wanted.attachment_ids)]
  const names = await namesIn(wanted.content, { writerId: userId, conversationId })
  const { html, text } = cleanContent(wanted.content, { mayBeEmpty: files.length > 0, names })
  const { draftVersion, ...stored } = await sql.begin((tx) =>
    store(tx, userId, conversationId, { ...wanted, html, text, files }),
  )
  if (draftVersion) publishDraft(userId, conversationId, { version: draftVersion })
  if (stored.isNew) publishScheduled(userId, stored.scheduled)
  return stored
}

interface Cleaned extends Wanted {
  html: string
  text: string
  files: number[]
}

async function store(
  tx: Transaction,
  userId: number,
  conversationId: number,
  { html, text, files, send_at, draft_version = anyDraft, ...wanted }: Cleaned,
): Promise<Stored> {
  const clientId = wanted.client_id ?? randomUUID()
  // Of several at once each counts those before it.
  await tx`select from users where id = ${userId} for no key update`
  const found = await findAgain(tx, userId, clientId)
  if (found) {
    const isNamed = draft_version !== anyDraft
    const draftVersion = isNamed ? await endDraft(tx, userId, conversationId, draft_version) : null
    return { scheduled: found, isNew: false, draftVersion }
  }
  await mustHaveRoom(tx, userId)
  const [row] = await tx<ScheduledRow[]>`
    insert into scheduled_messages as s (user_id, conversation_id, client_id, content, content_text, reply_to_id, send_at)
    values (${userId}, ${conversationId}, ${clientId}, ${html}, ${text}, ${wanted.reply_to_id ?? null}, ${send_at})
    returning ${scheduledColumns()}`
  await keepFiles(tx, userId, row!.id, files)
  await enqueue(tx, 'send_scheduled', { scheduled_id: row!.id }, { key: keyOf(row!.id), at: send_at })
  const draftVersion = await endDraft(tx, userId, conversationId, draft_version)
  const [scheduled] = await completed([row!], tx)
  return { scheduled: scheduled!, isNew: true, draftVersion }
}

/** As `send_messages` does: where there is one, or where it is on its way here. @returns its version, if it was ended */
async function endDraft(
  tx: Transaction,
  userId: number,
  conversationId: number,
  version: number,
): Promise<number | null> {
  const [ended] = await tx<{ version: number | null }[]>`
    select end_draft(${userId}, ${conversationId}, ${version}) as version
    from (values (1)) as once
    left join conversation_drafts cd on cd.user_id = ${userId} and cd.conversation_id = ${conversationId}
    where cd.content is not null or ${version}::bigint > coalesce(cd.version, 0)`
  return ended?.version ?? null
}

/** Of a message's job. */
export const keyOf = (id: number) => `scheduled:${id}`

async function findAgain(tx: Transaction, userId: number, clientId: string): Promise<Scheduled | undefined> {
  const rows = await tx<ScheduledRow[]>`
    select ${scheduledColumns()} from scheduled_messages s where s.user_id = ${userId} and s.client_id = ${clientId}`
  return (await completed(rows, tx))[0]
}

async function mustHaveRoom(tx: Transaction, userId: number): Promise<void> {
  const [row] = await tx<[{ count: number }]>`
    select count(*) from scheduled_messages where user_id = ${userId}`
  if (row.count >= limits.scheduledMessages)
    throw conflict(`At most ${limits.scheduledMessages} messages can wait for their time.`)
}

/** @throws Problem 400 when one is not theirs, was sent, or waits with another message */
async function keepFiles(tx: Transaction, userId: number, id: number, files: number[]): Promise<void> {
  if (files.length === 0) return
  const { count } = await tx`
    insert into scheduled_attachments (attachment_id, scheduled_id)
    select a.id, ${id}::bigint from message_attachments a
    where a.id = any(${files}) and a.uploader_id = ${userId} and a.new_message_id is null
    on conflict do nothing`
  if (count < files.length) throw noSuchAttachment()
}
