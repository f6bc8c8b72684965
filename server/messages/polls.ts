import { limits } from '../contract/limits.ts'
import type { Poll, Voter } from '../contract/polls.ts'
import { type Connection, sql } from '../db/client.ts'

/** As it was asked; options are numbered from 1 on. `closes_at` is as the contract has it. */
export interface StoredPoll extends Pick<Poll, 'question' | 'is_multiple' | 'is_secret' | 'closes_at'> {
  options: string[]
}

interface Asked {
  id: number
  poll: StoredPoll
  /** Whose own votes are wanted. */
  viewer_id?: number | null
}

interface Votes {
  place: number
  /** How many chose just these options. */
  tallies: [option_ids: number[], count: number][]
  mine: number[]
  named: [option_id: number, user_id: number, user_name: string][]
}

export const isPoll = <Row extends { poll: StoredPoll | null }>(row: Row): row is Row & Asked =>
  row.poll !== null

/** The polls of these messages with their votes, by message, in one statement; who voted is read of open ones alone. */
export async function pollsOf<Row extends Asked>(
  rows: Row[],
  db: Connection = sql,
): Promise<Map<object, Poll>> {
  if (rows.length === 0) return new Map()
  const votes = await db<Votes[]>`
    select asked.place,
      coalesce((
        select json_agg(json_build_array(tally.option_ids, tally.count)) from (
          select v.option_ids, count(*) from poll_votes v where v.message_id = asked.id group by v.option_ids
        ) tally), '[]') as tallies,
      coalesce((
        select to_json(v.option_ids) from poll_votes v
        where v.message_id = asked.id and v.user_id = asked.viewer_id), '[]') as mine,
      coalesce((
        select json_agg(json_build_array(few.option_id, u.id, u.name) order by u.id) from (
          select option_id, (array_agg(v.user_id order by v.user_id))[:asked.max_named] as user_ids
          from poll_votes v cross join unnest(v.option_ids) option_id
          where v.message_id = asked.id and asked.max_named > 0 group by option_id
        ) few cross join unnest(few.user_ids) user_id
        join users u on u.id = user_id), '[]') as named
    from unnest(
      ${rows.map((_, i) => i)}::int[], ${rows.map(({ id }) => id)}::bigint[],
      ${rows.map(({ viewer_id }) => viewer_id ?? 0)}::bigint[],
      ${rows.map(({ poll }) => (poll.is_secret ? 0 : limits.pollNamed))}::int[]
    ) as asked (place, id, viewer_id, max_named)`
  return new Map(votes.map((each) => [rows[each.place]!, pollWith(rows[each.place]!, each)]))
}

function pollWith({ poll, viewer_id }: Asked, { tallies, mine, named }: Votes): Poll {
  const { question, options, is_multiple, is_secret, closes_at } = poll
  return {
    question,
    options: options.map((text, i) => {
      const option = { id: i + 1, text, count: countOf(i + 1, tallies) }
      return is_secret ? option : { ...option, voters: votersFor(option.id, named) }
    }),
    is_multiple,
    is_secret,
    closes_at,
    ...(viewer_id && { my_votes: mine }),
    voter_count: sum(tallies),
  }
}

const sum = (tallies: Votes['tallies']) => tallies.reduce((total, [, count]) => total + count, 0)
const countOf = (id: number, tallies: Votes['tallies']) => sum(tallies.filter(([ids]) => ids.includes(id)))

const votersFor = (id: number, named: Votes['named']): Voter[] =>
  named.filter(([option]) => option === id).map(([, user_id, user_name]) => ({ user_id, user_name }))
