import { changeMessage, type MessageChange } from '../changes/message.ts'
import { mayVote } from '../changes/rights.ts'
import type { Message } from '../contract/messages.ts'
import type { StoredPoll } from '../messages/polls.ts'
import { messagesById } from '../messages/store.ts'
import { invalid } from '../web/problem.ts'
import { publishOrWait } from './publish.ts'

/**
 * Votes for these options of a poll, instead of those before; for none takes the vote back. The same again changes nothing.
 * @throws Problem 400, 403, 404
 */
export const vote = (userId: number, messageId: number, optionIds: number[]): Promise<Message> =>
  changeMessage(userId, messageId, async (change) => {
    const { tx, message } = change
    const [found] = await tx<{ poll: StoredPoll | null; is_closed: boolean }[]>`
      select poll, coalesce((poll ->> 'closes_at')::timestamptz <= clock_timestamp(), false) as is_closed
      from messages where id = ${messageId}`
    mayVote(message, found!.is_closed)
    const chosen = [...new Set(optionIds)].sort((a, b) => a - b)
    mustBeOffered(found!.poll!, chosen)
    const { count } = chosen.length > 0 ? await store(change, userId, chosen) : await takeBack(change, userId)
    if (count > 0) await publishOrWait(change)
    return (await messagesById([messageId], tx, userId)).get(messageId)!
  })

function mustBeOffered({ options, is_multiple }: StoredPoll, chosen: number[]): void {
  const wrong = chosen.some((id) => id > options.length)
    ? 'must be options of this poll'
    : !is_multiple && chosen.length > 1 && 'must be one option'
  if (wrong) throw invalid('The poll has no such answer.', [{ path: 'option_ids', message: wrong }])
}

const store = ({ tx, message }: MessageChange, userId: number, chosen: number[]) => tx`
  insert into poll_votes (message_id, user_id, option_ids) values (${message.id}, ${userId}, ${chosen}::int[])
  on conflict (message_id, user_id) do update set option_ids = excluded.option_ids, voted_at = now()
    where poll_votes.option_ids <> excluded.option_ids`

const takeBack = ({ tx, message }: MessageChange, userId: number) => tx`
  delete from poll_votes where message_id = ${message.id} and user_id = ${userId}`
