import { canonicalEmail } from '../contract/email.ts'
import type { OwnUser, Profile } from '../contract/users.ts'
import { batched } from '../db/batch.ts'
import { sql } from '../db/client.ts'
import type { Row } from '../db/schema.ts'
import { isStanding } from './standing.ts'
import { writtenEmail } from './written-email.ts'

/** The columns of the contract's `user`, from a row `u` of users. */
export const userColumns = () =>
  sql`u.id, u.username, u.name as display_name, u.company, u.avatar as avatar_url`
/** What else the portal says of a member; of whatever type its columns are, an empty text says nothing. */
const portalColumns = () => sql`${roleColumn()}, nullif(btrim(u.phone::text), '') as phone`
export const roleColumn = () => sql`nullif(btrim(u.role::text), '') as role`
/** Those of the contract's `ownUser`. */
export const ownColumns = () =>
  sql`${userColumns()}, u.email, u.locale, u.notify_email_messages, u.show_last_seen, u.text_size,
    u.quiet_hours, u.enter_sends, u.created_at`

export async function findActiveUser(id: number): Promise<OwnUser | undefined> {
  const [user] = await sql<OwnUser[]>`select ${ownColumns()} from users u where u.id = ${id} and u.is_active`
  return user
}

/** An active member, as other members see them. */
export async function findProfile(id: number): Promise<Profile | undefined> {
  const [profile] = await sql<Profile[]>`
    select ${userColumns()}, ${portalColumns()}, false as is_blocked from users u where u.id = ${id} and u.is_active`
  return profile
}

interface SignedIn {
  user: OwnUser
  /** When the session was last prolonged, in ms since 1970. */
  prolongedAt: number
}

/** The user of a valid session, with those of other requests that come at the same time. */
export const findSignedIn = batched<string, SignedIn | undefined>({
  async ask(sessionIds) {
    const rows = await sql<(OwnUser & { sid: string; prolonged_at: number })[]>`
      -- Each is looked up by its primary key, however few rows there were when this was planned: hence the offsets.
      select s.sid, coalesce((s.sess ->> 'prolongedAt')::bigint, 0) as prolonged_at, ${ownColumns()}
      from unnest(${sessionIds}::text[]) as asked (sid)
      cross join lateral (select * from sessions each_one where each_one.sid = asked.sid offset 0) s
      cross join lateral (
        select * from users each_one where each_one.id = (s.sess ->> 'userId')::bigint offset 0
      ) u
      where ${isStanding()}`
    const found = new Map(
      rows.map(({ sid, prolonged_at: prolongedAt, ...user }) => [sid, { user, prolongedAt }]),
    )
    return sessionIds.map((id) => found.get(id))
  },
})

export type Credentials = Row<'users', 'id' | 'password_hash'>

/** @param email in its canonical form; a portal may have stored another */
export async function findCredentials(email: string): Promise<Credentials | undefined> {
  const [found] = await sql<Credentials[]>`
    select id, password_hash from users
    where lower(email) in (lower(${email}), lower(${writtenEmail(email)})) and is_active
    order by id`
  return found
}

/** The e-mail of the member of this username. When there is none it may be an e-mail itself, and is guessed at like one. */
export async function emailOf(username: string): Promise<string> {
  const [found] = await sql<Row<'users', 'email'>[]>`
    select email from users where lower(username) = lower(${username}) and is_active`
  return canonicalEmail(found?.email ?? username)
}

/** An e-mail in the form in which e-mails are compared. */
export async function foldEmail(email: string): Promise<string> {
  const [row] = await sql<{ folded: string }[]>`select lower(${email}) as folded`
  return row!.folded
}

/**
 * Some other user's hash, always the same one for an e-mail: an unknown e-mail is checked against it, so that it takes
 * as long as a member's might, even while some members have the portal's hashes, which take longer.
 */
export async function findDecoyHash(email: string): Promise<string | null | undefined> {
  const [found] = await sql<Row<'users', 'password_hash'>[]>`
    select password_hash from users
    where id >= 1 + abs(hashtext(lower(${email}))::bigint) % (select max(id) from users)
    order by id limit 1`
  return found?.password_hash
}
