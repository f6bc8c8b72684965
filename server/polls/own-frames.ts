import type { Message } from '../contract/messages.ts'
import { type Connection, sql } from '../db/client.ts'
import type { Row } from '../db/schema.ts'
import type { Envelope } from '../live/envelope.ts'

/** Of so many different choices there are frames; of several options a thousand members can choose in a thousand ways. */
const maxChoices = 32

/**
 * Messages as all members are told of them. What somebody chose is for their own devices alone: of a poll there is a frame
 * for each of the choices that were made last, one for those who chose nothing, and one without choice for all others: they
 * know their own already.
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
      frame: (option_ids ? told(option_ids) : envelopeOf(message)).frame,
    }))
    return { ...told([]), own }
  })
}

interface Choice extends Pick<Row<'poll_votes', 'message_id'>, 'message_id'> {
  /** Null of all that were made earlier. */
  option_ids: number[] | null
  user_ids: number[]
}

const choicesIn = async (ids: number[], db: Connection): Promise<Choice[]> =>
  ids.length === 0
    ? []
    : db<Choice[]>`
        select v.message_id, v.told_ids as option_ids, array_agg(v.user_id) as user_ids
        from (
          select v.message_id, v.user_id,
            case when dense_rank() over (partition by v.message_id order by v.chosen_at desc, v.option_ids) <= ${maxChoices}
              then v.option_ids end as told_ids
          from (
            select v.*, max(v.voted_at) over (partition by v.message_id, v.option_ids) as chosen_at
            from poll_votes v where v.message_id = any(${ids})
          ) v
        ) v
        group by v.message_id, v.told_ids`
