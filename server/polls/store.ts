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

interface Votes extends Pick<Poll, 'voter_count'> {
  place: number
  /** By option; of one without votes, nothing. */
  counts: Record<string, number>
  mine: number[]
  voters: (Voter & { option_ids: number[] })[]
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
    select asked.place, tally.counts, tally.voter_count,
      coalesce((
        select to_jsonb(v.option_ids) from poll_votes v
        where v.message_id = asked.id and v.user_id = asked.viewer_id), '[]') as mine,
      coalesce(named.voters, '[]') as voters
    from unnest(
      ${rows.map((_, i) => i)}::int[], ${rows.map(({ id }) => id)}::bigint[],
      ${rows.map(({ viewer_id }) => viewer_id ?? 0)}::bigint[],
      ${rows.map(({ poll }) => (poll.is_secret ? 0 : limits.pollVoters))}::int[]
    ) as asked (place, id, viewer_id, max_named)
    cross join lateral (
      select coalesce(jsonb_object_agg(each.option_id, each.count), '{}') as counts,
        (select count(*) from poll_votes v where v.message_id = asked.id) as voter_count
      from (
        select option_id, count(*) from poll_votes v cross join unnest(v.option_ids) option_id
        where v.message_id = asked.id group by option_id
      ) each
    ) tally
    left join lateral (
      select jsonb_agg(jsonb_build_object(
        'user_id', v.user_id, 'user_name', u.name, 'option_ids', v.option_ids) order by v.user_id) as voters
      from (
        select v.user_id, v.option_ids from poll_votes v where v.message_id = asked.id
        order by v.user_id limit asked.max_named
      ) v
      join users u on u.id = v.user_id
    ) named on true`
  return new Map(votes.map((each) => [rows[each.place]!, pollWith(rows[each.place]!, each)]))
}

function pollWith({ poll, viewer_id }: Asked, { voter_count, counts, mine, voters }: Votes): Poll {
  const { question, options, is_multiple, is_secret, closes_at } = poll
  return {
    question,
    options: options.map((text, i) => {
      const option = { id: i + 1, text, count: counts[i + 1] ?? 0 }
      return is_secret ? option : { ...option, voters: votersFor(option.id, voters) }
    }),
    is_multiple,
    is_secret,
    closes_at,
    ...(viewer_id && { my_votes: mine }),
    voter_count,
  }
}

const votersFor = (id: number, voters: Votes['voters']): Voter[] =>
  voters
    .filter(({ option_ids }) => option_ids.includes(id))
    .map(({ user_id, user_name }) => ({ user_id, user_name }))
