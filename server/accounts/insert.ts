import type { OwnUser } from '../contract/users.ts'
import { sql } from '../db/client.ts'
import { ownColumns } from './store.ts'

interface NewUser {
  email: string
  username: string
  display_name: string
  password_hash: string
  /** Polish by default. */
  locale?: string | undefined
}

/** @throws PostgreSQL's 23505 with `constraint_name` when the e-mail or username is in use. */
export async function insertUser(user: NewUser): Promise<OwnUser> {
  const [created] = await sql<OwnUser[]>`
    with u as (
      insert into users (email, username, name, password_hash, locale)
      values (${user.email}, ${user.username}, ${user.display_name}, ${user.password_hash}, ${user.locale ?? 'pl'})
      returning *
    ) select ${ownColumns()} from u`
  return created!
}
