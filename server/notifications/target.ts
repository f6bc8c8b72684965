import { membershipsOf } from '../changes/membership.ts'
import { otherPerson, title } from '../conversations/title.ts'
import { sql } from '../db/client.ts'
import type { Row } from '../db/schema.ts'
import type { Link } from './links.ts'

/** The recipient's language, and what the link is about. */
export interface Target extends Row<'users', 'locale'> {
  /** Of the conversation, as its member sees it; empty for a link that is not about one. */
  title: string
}

/** @returns undefined when the account is no longer active, or has left the conversation */
export async function findTarget(link: Link): Promise<Target | undefined> {
  const conversationId = link.action === 'mute' ? link.conversationId : null
  const [target] = await sql<Target[]>`
    select u.locale, coalesce(${title()}, '') as title
    from users u
    left join ${membershipsOf(link.userId)} on c.id = ${conversationId} ${otherPerson()}
    where u.id = ${link.userId} and u.is_active and (${conversationId}::bigint is null or c.id is not null)`
  return target
}
