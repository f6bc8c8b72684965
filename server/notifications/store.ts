import { sql, type Transaction } from '../db/client.ts'
import { type Outcome, verdict } from './verdict.ts'

/** Messages that go to a member in one mail. */
export interface Claim {
  /** The first message of the mail as it was first tried; what makes its Message-ID. */
  letterId: number
  messageIds: number[]
  /** It was handed to the mail server before, and what became of it is not known. */
  isRepeated: boolean
}

/**
 * Takes what is due to a member from a conversation, as things are now; the rest gets its reason. What was claimed
 * and never settled is claimed again, alone: it may have arrived, and under another Message-ID, or together with
 * something new, it would arrive twice.
 */
export const claim = (conversationId: number, userId: number): Promise<Claim | undefined> =>
  sql.begin(async (tx) => {
    await settleUndue(tx, conversationId, userId)
    const rows = await tx<{ message_id: number; letter_id: number | null }[]>`
      select n.message_id, n.letter_id
      from message_notifications n join messages m on m.id = n.message_id
      where n.user_id = ${userId} and m.conversation_id = ${conversationId} and n.outcome in ('due', 'sending')
      order by n.message_id`
    const repeated = rows.find(({ letter_id }) => letter_id !== null)?.letter_id
    const letterId = repeated ?? rows[0]?.message_id
    if (!letterId) return undefined
    const chosen = repeated ? rows.filter(({ letter_id }) => letter_id === repeated) : rows
    const messageIds = chosen.map(({ message_id }) => message_id)
    await tx`
      update message_notifications set outcome = 'sending', letter_id = ${letterId}
      where user_id = ${userId} and message_id = any(${messageIds})`
    return { letterId, messageIds, isRepeated: repeated !== undefined }
  }) as Promise<Claim | undefined>

async function settleUndue(tx: Transaction, conversationId: number, userId: number): Promise<void> {
  await tx`
    with judged as (
      select n.message_id, n.user_id, ${verdict()} as outcome
      from message_notifications n
      join messages m on m.id = n.message_id
      join conversations c on c.id = m.conversation_id
      join users u on u.id = n.user_id
      left join conversation_members cm on cm.conversation_id = c.id and cm.user_id = u.id
      where n.user_id = ${userId} and c.id = ${conversationId} and n.outcome in ('due', 'sending')
    )
    update message_notifications n set outcome = judged.outcome, letter_id = null, decided_at = now()
    from judged
    where n.message_id = judged.message_id and n.user_id = judged.user_id and judged.outcome <> 'due'`
}

/** Writes down what became of a mail. */
export async function settle(
  userId: number,
  { messageIds }: Claim,
  outcome: Extract<Outcome, 'sent' | 'logged' | 'refused'>,
  answer: string | null,
): Promise<void> {
  await sql`
    update message_notifications set outcome = ${outcome}, answer = ${answer}, decided_at = now()
    where user_id = ${userId} and message_id = any(${messageIds})`
}

/** For a mail that has certainly not arrived: next time all of it, and what is new, goes together. */
export async function release(userId: number, { messageIds }: Claim, answer: string): Promise<void> {
  await sql`
    update message_notifications set outcome = 'due', letter_id = null, answer = ${answer}
    where user_id = ${userId} and message_id = any(${messageIds})`
}

/** What a mail tells, as it is now. */
export interface Contents {
  conversationId: number
  isGroup: boolean
  /** The group's name, or that of the other person. */
  title: string
  reader: { id: number; name: string; email: string; locale: string }
  messages: { id: number; sender: string; text: string; files: string[]; created_at: string }[]
}

export async function contentsOf(
  conversationId: number,
  userId: number,
  messageIds: number[],
): Promise<Contents> {
  const [row] = await sql<Contents[]>`
    select c.id as "conversationId", c.is_group as "isGroup",
      coalesce(c.name, (
        select other.name from conversation_members cm join users other on other.id = cm.user_id
        where cm.conversation_id = c.id and cm.user_id <> u.id limit 1), '') as title,
      jsonb_build_object('id', u.id, 'name', u.name, 'email', u.email, 'locale', u.locale) as reader,
      (select coalesce(jsonb_agg(jsonb_build_object('id', m.id, 'sender', sender.name, 'text', m.content_text,
          'files', array(select a.filename from message_attachments a where a.new_message_id = m.id order by a.id),
          'created_at', to_char(m.created_at, 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')) order by m.id), '[]')
        from messages m join users sender on sender.id = m.sender_id
        where m.id = any(${messageIds}) and not m.is_deleted) as messages
    from conversations c, users u
    where c.id = ${conversationId} and u.id = ${userId}`
  return row!
}
