import { mentionsIn } from '../../views/messages/mentions.ts'
import { membershipsOf } from '../changes/membership.ts'
import { mayForward, type Subject } from '../changes/rights.ts'
import { config } from '../config.ts'
import type { Message } from '../contract/messages.ts'
import { sql, type Transaction } from '../db/client.ts'
import { namesIn } from '../mentions/store.ts'
import { spend } from '../web/limits.ts'
import { notFound } from '../web/problem.ts'
import { cleanContent } from './content.ts'
import { publishMessage } from './publish.ts'
import { messagesById } from './store.ts'

type Source = Subject & Pick<Message, 'content' | 'content_text' | 'forwarded_from' | 'link_preview'>

/**
 * Forwards a message, with its attachments, and of a poll question and options as text, to conversations of the user: to all of them or to none.
 * @throws Problem 403, 404, 429
 */
export async function forwardMessage(
  userId: number,
  messageId: number,
  conversationIds: number[],
): Promise<Message[]> {
  // Locks are taken in the order of ids, so that two users who forward crosswise do not deadlock.
  const targets = [...new Set(conversationIds)].sort((a, b) => a - b)
  await spend('send', userId, targets.length)
  const forwarded = await sql.begin(async (tx) => {
    const source = await findSource(tx, userId, messageId)
    mayForward(source)
    const copies: { id: number; recipients: number[] }[] = []
    for (const conversationId of targets)
      copies.push(await copy(tx, userId, messageId, source, conversationId))
    const messages = await messagesById(
      copies.map(({ id }) => id),
      tx,
    )
    return copies.map(({ id, recipients }) => ({ message: messages.get(id)!, recipients }))
  })
  for (const { message, recipients } of forwarded) publishMessage(message, recipients)
  return forwarded.map(({ message }) => message)
}

async function findSource(tx: Transaction, userId: number, messageId: number): Promise<Source> {
  const [source] = await tx<Source[]>`
    select m.sender_id, m.kind, m.is_deleted, false as is_old, false as is_poll, m.content, m.content_text, m.link_preview,
      coalesce(m.forwarded_from, jsonb_build_object('message_id', m.id, 'sender_name', u.name)) as forwarded_from
    from messages m
    join ${membershipsOf(userId)} on c.id = m.conversation_id
    join users u on u.id = m.sender_id
    where m.id = ${messageId}
    for share of m`
  if (!source) throw notFound()
  return source
}

async function copy(
  tx: Transaction,
  userId: number,
  messageId: number,
  source: Source,
  conversationId: number,
) {
  const { content, content_text } = await fitted(tx, source, { userId, conversationId })
  const [sent] = await tx<{ outcome: string; id: number; recipients: number[] }[]>`
    select sent.outcome, (sent.message).id, sent.recipients
    from send_message(${conversationId}, ${userId}, ${content}, ${content_text},
      in_forwarded_from => ${tx.json(source.forwarded_from)},
      in_link_preview => ${source.link_preview && tx.json({ ...source.link_preview })},
      in_notify_after => ${config.emailDelaySeconds}) sent`
  if (sent?.outcome !== 'sent') throw notFound()
  await tx`
    insert into message_attachments
      (new_message_id, uploader_id, filename, stored_filename, mime_type, file_size, width, height, duration_ms,
        waveform)
    select ${sent.id}, ${userId}, filename, stored_filename, mime_type, file_size, width, height, duration_ms,
      waveform
    from message_attachments where new_message_id = ${messageId} order by id`
  return sent
}

/** Its content for another conversation: who is no member there is not mentioned, but named. */
async function fitted(
  tx: Transaction,
  { content, content_text }: Source,
  { userId, conversationId }: { userId: number; conversationId: number },
): Promise<Pick<Source, 'content' | 'content_text'>> {
  if (content === null || mentionsIn(content).length === 0) return { content, content_text }
  const names = await namesIn(content, { writerId: userId, conversationId }, tx)
  const { html, text } = cleanContent(content, { mayBeEmpty: true, names })
  return { content: html, content_text: text }
}
