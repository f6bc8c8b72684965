import { membershipsOf } from '../changes/membership.ts'
import { mayAskVoters } from '../changes/rights.ts'
import { limits } from '../contract/limits.ts'
import type { Voters } from '../contract/polls.ts'
import { sql } from '../db/client.ts'
import { notFound } from '../web/problem.ts'

/** Who voted for what in an open poll. @throws Problem 403, 404 */
export async function votersOf(userId: number, messageId: number): Promise<Voters> {
  const [found] = await sql<{ is_secret: boolean | null }[]>`
    select (m.poll ->> 'is_secret')::boolean as is_secret
    from messages m join ${membershipsOf(userId)} on c.id = m.conversation_id where m.id = ${messageId}`
  if (!found) throw notFound()
  mayAskVoters(found.is_secret)
  const voters = await sql<Voters['voters']>`
    select v.user_id, u.name as user_name, v.option_ids
    from (
      select v.user_id, v.option_ids from poll_votes v where v.message_id = ${messageId}
      order by v.user_id limit ${limits.pollVoters}
    ) v join users u on u.id = v.user_id`
  return { voters }
}
