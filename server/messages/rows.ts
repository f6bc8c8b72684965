import { mentionsIn } from '../../views/messages/mentions.ts'
import { attachmentsOf, spokenName } from '../attachments/store.ts'
import type { Attachment } from '../contract/attachments.ts'
import { limits } from '../contract/limits.ts'
import type { Message } from '../contract/messages.ts'
import type { Poll } from '../contract/polls.ts'
import type { Reaction } from '../contract/reactions.ts'
import type { User } from '../contract/users.ts'
import { type Connection, sql } from '../db/client.ts'
import { reactionsOf } from '../reactions/store.ts'
import { isPoll, pollsOf, type StoredPoll } from './polls.ts'

/** What a message's own row holds. */
export interface Own
  extends Omit<
    Message,
    'poll' | 'sender' | 'reply_to' | 'is_pinned' | 'is_starred' | 'attachments' | 'mentions' | 'reactions'
  > {
  poll: StoredPoll | null
}

/** A message with what is joined from single rows of other tables. */
export interface MessageRow extends Own {
  is_pinned: boolean
  is_starred: boolean
  sender_username: string
  sender_name: string
  sender_company: string | null
  sender_avatar: string | null
  reply_sender_id: number | null
  reply_sender_name: string | null
  reply_excerpt: string | null
  reply_is_deleted: boolean | null
  /** Whose own votes a poll has, and whose stars these are. */
  viewer_id: number | null
}

/** From rows `m` with the columns of messages. */
export const ownColumns = () => sql`
  m.id, m.conversation_id, m.seq, case when m.poll is null then m.kind else 'poll' end as kind, m.poll, m.line, m.client_id, m.sender_id, m.content, m.content_text, m.reply_to_id,
  m.forwarded_from, m.edited_at, m.is_deleted, m.deleted_at, m.link_preview, m.created_at`

/**
 * The columns of a `MessageRow`, from rows `m` with the columns of messages, and from `messageParts`.
 * @param viewer the id of whoever asks; null where all members are told the same
 */
export const messageColumns = (viewer = sql`null::bigint`) => sql`
  ${ownColumns()}, ${viewer} as viewer_id,
  (select true from message_stars s where s.user_id = ${viewer} and s.message_id = m.id) is not null as is_starred,
  -- Not "exists": PostgreSQL would answer that by reading every pin there is.
  (select true from message_pins p where p.message_id = m.id) is not null as is_pinned,
  sender.username as sender_username, sender.name as sender_name, sender.company as sender_company,
  sender.avatar as sender_avatar,
  reply.sender_id as reply_sender_id, reply_sender.name as reply_sender_name,
  coalesce(nullif(left(
    -- Of a poll, its question.
    case when reply.poll is null then reply.content_text else split_part(reply.content_text, E'\n', 1) end,
    ${limits.excerptCharacters}), ''), (
    select ${spokenName()} from message_attachments a where a.new_message_id = reply.id order by a.id limit 1
  )) as reply_excerpt,
  reply.is_deleted as reply_is_deleted`

export const messageParts = () => sql`
  left join users sender on sender.id = m.sender_id
  left join messages reply on reply.id = m.reply_to_id
  left join users reply_sender on reply_sender.id = reply.sender_id`

/** Messages in the shape of the contract, with two more queries however many there are, and a third for polls. */
export async function complete(rows: MessageRow[], db: Connection = sql): Promise<Message[]> {
  const ids = rows.filter((row) => !row.is_deleted && row.kind !== 'system').map((row) => row.id)
  const [attachments, reactions, polls] = await Promise.all([
    attachmentsOf(ids, db),
    reactionsOf(ids, db),
    pollsOf(rows.filter(isPoll), db),
  ])
  return rows.map((row) =>
    toMessage(row, {
      sender: sender(row),
      reply_to: reply(row),
      is_pinned: row.is_pinned,
      is_starred: row.is_starred,
      attachments: attachments.get(row.id),
      reactions: reactions.get(row.id),
      poll: polls.get(row),
    }),
  )
}

interface Parts {
  sender: User
  reply_to?: Message['reply_to']
  is_pinned?: boolean
  is_starred?: boolean
  attachments?: Attachment[] | undefined
  reactions?: Reaction[] | undefined
  poll?: Poll | undefined
}

export function toMessage(
  row: Own,
  { sender, reply_to = null, is_pinned = false, is_starred, attachments = [], reactions = [], poll }: Parts,
): Message {
  return {
    id: row.id,
    conversation_id: row.conversation_id,
    seq: row.seq,
    kind: row.kind,
    ...(poll && { poll }),
    line: row.line,
    client_id: row.client_id,
    sender_id: row.sender_id,
    sender,
    content: row.content,
    content_text: row.content_text,
    reply_to_id: row.reply_to_id,
    reply_to,
    forwarded_from: row.forwarded_from,
    edited_at: row.edited_at,
    is_deleted: row.is_deleted,
    deleted_at: row.deleted_at,
    is_pinned,
    ...(is_starred && { is_starred }),
    link_preview: row.link_preview,
    attachments,
    mentions: mentionsIn(row.content),
    reactions,
    created_at: row.created_at,
  }
}

const sender = (row: MessageRow): User => ({
  id: row.sender_id,
  username: row.sender_username,
  display_name: row.sender_name,
  company: row.sender_company,
  avatar_url: row.sender_avatar,
})

const reply = (row: MessageRow): Message['reply_to'] =>
  (row.reply_to_id && {
    id: row.reply_to_id,
    sender_id: row.reply_sender_id,
    sender_name: row.reply_sender_name ?? '',
    excerpt: row.reply_excerpt ?? '',
    is_deleted: row.reply_is_deleted ?? false,
  }) ||
  null
