import type { Message } from '../contract/messages.ts'
import { type Connection, sql } from '../db/client.ts'
import type { Row } from '../db/schema.ts'
import type { Envelope } from '../live/envelope.ts'

/**
 * Messages as all members are told of them. What somebody chose is for their own devices alone: of a poll there is a frame
 * for each choice, and one for those who chose nothing.
 */
export async function withOwnFrames<M extends Message>(
  messages: M[],
  envelopeOf: (message: M) => Envelope,
  db: Connection = sql,
): Promise<Envelope[]> {
  const ids = messages.filter(({ poll }) => poll).map(({ id }) => id)
  const choices = Map.groupBy(await choicesIn(ids, db), ({ message_id }) => message_id)
  return messages.map((message) => {
    const { poll } = message
    if (!poll) return envelopeOf(message)
    const told = (my_votes: number[]) => envelopeOf({ ...message, poll: { ...poll, my_votes } })
    const own = (choices.get(message.id) ?? []).map(({ option_ids, user_ids }) => ({
      userIds: user_ids,
      frame: told(option_ids).frame,
    }))
    return { ...told([]), own }
  })
}

type Choice = Row<'poll_votes', 'message_id' | 'option_ids'> & { user_ids: number[] }

const choicesIn = async (ids: number[], db: Connection): Promise<Choice[]> =>
  ids.length === 0
    ? []
    : db<Choice[]>`
        select v.message_id, v.option_ids, array_agg(v.user_id) as user_ids from poll_votes v
        where v.message_id = any(${ids}) group by v.message_id, v.option_ids`
