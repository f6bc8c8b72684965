import { spokenName } from '../attachments/store.ts'
import { otherPerson, title } from '../conversations/title.ts'
import { sql } from '../db/client.ts'
import type { Claim } from './claim.ts'

/** The current contents of a mail. */
export interface Contents {
  conversationId: number
  isGroup: boolean
  /** The group's name, or the other member's. */
  title: string
  reader: { id: number; name: string; email: string; locale: string }
  /** It is about mentions, for its reader has muted the conversation. */
  onlyMentions: boolean
  /** All messages that the mail is about, including those shown. */
  count: number
  messages: { id: number; sender: string; text: string; files: string[]; created_at: string }[]
}

/** @param limit how many messages are shown, oldest first */
export async function contentsOf(
  { conversationId, userId, messageIds, onlyMentions }: Claim,
  limit: number,
): Promise<Contents> {
  const shown = messageIds.slice(0, limit)
  const [row] = await sql<Omit<Contents, 'onlyMentions'>[]>`
    select c.id as "conversationId", c.is_group as "isGroup",
      coalesce(${title()}, '') as title,
      jsonb_build_object('id', u.id, 'name', u.name, 'email', u.email, 'locale', u.locale) as reader,
      (select coalesce(jsonb_agg(jsonb_build_object('id', m.id, 'sender', sender.name, 'text', m.content_text,
          'files', array(select ${spokenName()} from message_attachments a where a.new_message_id = m.id order by a.id),
          'created_at', to_char(m.created_at, 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')) order by m.id), '[]')
        from messages m join users sender on sender.id = m.sender_id
        where m.id = any(${shown}) and not m.is_deleted) as messages
    from conversations c
    join users u on u.id = ${userId}
    cross join lateral (select u.id as user_id) me ${otherPerson()}
    where c.id = ${conversationId}`
  const contents = row!
  // A message deleted since the claim is not counted.
  return { ...contents, onlyMentions, count: messageIds.length - shown.length + contents.messages.length }
}
