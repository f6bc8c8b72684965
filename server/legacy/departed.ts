import type { Row } from '../db/schema.ts'
import type { Transaction } from './connection.ts'
import type { Report } from './report.ts'

const email = 'usuniete-konto@rozmowa.invalid'

/** The inactive user who stands for all deleted accounts; created when needed. */
export async function departedUser(tx: Transaction, report: Report): Promise<number | null> {
  const [known] = await tx<Row<'users', 'id'>[]>`select id from users where email = ${email}`
  if (known) return known.id
  const [needed] = await tx`
    select from private_messages where sender_id is null or recipient_id is null
    union all select from group_message where sender_id is null
    limit 1`
  if (!needed) return null
  report.count('users_made', 1)
  const [made] = await tx<{ id: number }[]>`select departed_user() as id`
  return made!.id
}

/** Removes that user again, unless still referenced. */
export async function removeDeparted(tx: Transaction): Promise<number> {
  const { count } = await tx`
    delete from users u where email = ${email}
      and not exists (select from messages where sender_id = u.id)
      and not exists (select from conversation_members where user_id = u.id)`
  return count
}
