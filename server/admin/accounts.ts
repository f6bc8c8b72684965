import { endSessions } from '../accounts/end-sessions.ts'
import { hashPassword } from '../accounts/password.ts'
import { writtenEmail } from '../accounts/written-email.ts'
import { canonicalEmail } from '../contract/email.ts'
import { sql, type Transaction } from '../db/client.ts'
import { Stop } from '../terminal/stop.ts'

export interface Account {
  id: number
  email: string
  name: string
  username: string
  is_active: boolean
}

/**
 * @param who e-mail, id or username; or @username, for a username that looks like something else
 * @throws Stop when there is no such user, or more than one
 */
export async function findAccount(who: string): Promise<Account> {
  const email = canonicalEmail(who)
  const accounts = await sql<Account[]>`
    select id, email, name, username, is_active is true as is_active from users
    where id::text = ${who} or lower(email) in (lower(${email}), lower(${writtenEmail(email)}))
      or lower(username) = lower(${who}) or lower('@' || username) = lower(${who})
    order by id`
  const [account, other] = accounts
  // A number is an id, even when it is another user's username.
  if (!account || (!other && /^\d+$/.test(who) && account.id !== Number(who)))
    throw new Stop(`there is no user ${who}: use an e-mail address, an id or @username`)
  if (other) throw new Stop(`${who} may mean ${accounts.map(inWords).join(' or ')}: use the e-mail address`)
  return account
}

const inWords = ({ id, email, username }: Account) => `user ${id} (${email}, @${username})`

/** Deactivates a user and signs them out everywhere. */
export const deactivate = (id: number): Promise<unknown> =>
  endingSessions(id, (tx) => tx`update users set is_active = false where id = ${id}`)

export async function activate(id: number): Promise<void> {
  await sql`update users set is_active = true where id = ${id}`
}

/** Sets a password, and signs the user out everywhere. */
export async function changePassword(id: number, password: string): Promise<void> {
  const hash = await hashPassword(password)
  await endingSessions(id, (tx) => tx`update users set password_hash = ${hash} where id = ${id}`)
}

const endingSessions = (userId: number, work: (tx: Transaction) => Promise<unknown>): Promise<unknown> =>
  sql.begin(async (tx) => {
    await work(tx)
    await endSessions(tx, userId)
  })
