import { endSessions, forgetSessions } from '../accounts/end-sessions.ts'
import { hashPassword } from '../accounts/password.ts'
import { config } from '../config.ts'
import { sql } from '../db/client.ts'
import { currentHistory } from '../db/history.ts'
import { openRedis } from '../live/redis.ts'
import { Failure } from './failure.ts'

export interface Account {
  id: number
  email: string
  name: string
  is_active: boolean
}

/**
 * @param who e-mail, username or id
 * @throws Failure
 */
export async function findAccount(who: string): Promise<Account> {
  const [account] = await sql<Account[]>`
    select id, email, name, is_active is true as is_active from users
    where lower(email) = lower(${who}) or lower(username) = lower(${who}) or id::text = ${who}
    order by lower(email) = lower(${who}) desc, lower(username) = lower(${who}) desc limit 1`
  if (!account) throw new Failure(`there is no user ${who}: give an e-mail address, a username or an id`)
  return account
}

/** Deactivated: signed out everywhere, at once. */
export const deactivate = (id: number): Promise<void> =>
  endingSessions(id, (tx) => tx`update users set is_active = false where id = ${id}`)

export async function activate(id: number): Promise<void> {
  await sql`update users set is_active = true where id = ${id}`
}

/** A new password; who is signed in with the old one is so no more. */
export async function changePassword(id: number, password: string): Promise<void> {
  const hash = await hashPassword(password)
  await endingSessions(id, (tx) => tx`update users set password_hash = ${hash} where id = ${id}`)
}

type Work = (tx: Parameters<typeof endSessions>[0]) => Promise<unknown>

/** Redis is asked first whether it is there: a session that stays in it would still be one. */
async function endingSessions(userId: number, work: Work): Promise<void> {
  const redis = config.redisUrl ? await openRedis(config.redisUrl, await currentHistory(sql)) : undefined
  try {
    const ids = await sql.begin(async (tx) => {
      await work(tx)
      return endSessions(tx, userId)
    })
    if (redis) await forgetSessions(redis, ids as string[])
  } finally {
    redis?.disconnect()
  }
}
