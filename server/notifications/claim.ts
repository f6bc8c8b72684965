import { sql, type Transaction } from '../db/client.ts'
import type { Row } from '../db/schema.ts'
import { isMuted, type Outcome, unread, verdict } from './verdict.ts'

/** The messages of one mail to a member. */
export interface Claim {
  conversationId: number
  userId: number
  /** The first message of the range they are in. */
  fromId: number
  /** The first message of the first attempt at this mail; its Message-ID is made from it. */
  letterId: number
  messageIds: number[]
  /** The conversation is muted: it is about what mentions them. */
  onlyMentions: boolean
  /** It was handed to the mail server before, with an unknown outcome. */
  isRepeated: boolean
}

/**
 * Claims what is due to a member in a conversation as of now; ranges that are no longer due get their reason. A claim
 * without a recorded outcome is claimed again, alone: it may have arrived, and under another Message-ID, or together
 * with something new, it would arrive twice.
 */
export async function claim(conversationId: number, userId: number): Promise<Claim | undefined> {
  for (;;) {
    const claimed = (await sql.begin((tx) => claimOne(tx, conversationId, userId))) as
      | Claim
      | 'undue'
      | undefined
    if (claimed !== 'undue') return claimed
  }
}

interface OpenRange extends Row<'notification_ranges', 'from_id' | 'letter_id'> {
  outcome: Outcome
  only_mentions: boolean
  message_ids: number[]
}

async function claimOne(
  tx: Transaction,
  conversationId: number,
  userId: number,
): Promise<Claim | 'undue' | undefined> {
  const [open] = await tx<OpenRange[]>`
    with r as (
      select * from notification_ranges
      where user_id = ${userId} and conversation_id = ${conversationId} and outcome in ('due', 'sending')
      order by letter_id is null, from_id limit 1
      for update
    )
    select r.from_id, r.letter_id, ${verdict()} as outcome, ${isMuted()} is true as only_mentions,
      array(select m.id ${unread()} order by m.id) as message_ids
    from r
    join conversations c on c.id = r.conversation_id
    join users u on u.id = r.user_id
    left join conversation_members cm on cm.conversation_id = c.id and cm.user_id = u.id`
  if (!open) return undefined
  const { from_id: fromId, letter_id, outcome, only_mentions, message_ids: messageIds } = open
  const isDue = outcome === 'due'
  const letterId = isDue ? (letter_id ?? messageIds[0]!) : null
  await tx`
    update notification_ranges n set outcome = ${isDue ? 'sending' : outcome}, letter_id = ${letterId},
      only_mentions = ${only_mentions}, decided_at = now(), read_id = coalesce((
        select last_read_message_id from conversation_members
        where conversation_id = n.conversation_id and user_id = n.user_id), 0)
    where user_id = ${userId} and conversation_id = ${conversationId} and from_id = ${fromId}`
  if (letterId === null) return 'undue'
  const isRepeated = letter_id !== null
  return { conversationId, userId, fromId, letterId, messageIds, onlyMentions: only_mentions, isRepeated }
}

/** Records the outcome of a mail. */
export async function recordOutcome(
  { conversationId, userId, fromId }: Claim,
  outcome: Extract<Outcome, 'sent' | 'logged' | 'refused'>,
  answer: string | null,
): Promise<void> {
  await sql`
    update notification_ranges set outcome = ${outcome}, answer = ${answer}, decided_at = now()
    where user_id = ${userId} and conversation_id = ${conversationId} and from_id = ${fromId}`
}

/** For a mail that has definitely not arrived: next time it is sent together with what is new. */
export async function release({ conversationId, userId, fromId }: Claim, answer: string): Promise<void> {
  await sql`
    with newer as (
      delete from notification_ranges
      where user_id = ${userId} and conversation_id = ${conversationId} and from_id > ${fromId} and outcome = 'due'
      returning until_id
    )
    update notification_ranges set outcome = 'due', letter_id = null, answer = ${answer},
      until_id = greatest(until_id, (select max(until_id) from newer))
    where user_id = ${userId} and conversation_id = ${conversationId} and from_id = ${fromId}`
}
