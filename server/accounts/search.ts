import { writeCursor } from '../contract/cursor.ts'
import type { DirectoryPlace, Profile, User, UserPage } from '../contract/users.ts'
import { sql } from '../db/client.ts'
import { roleColumn, userColumns } from './store.ts'

interface Search {
  query: string
  limit: number
  cursor?: DirectoryPlace | undefined
  /** The letter that the page begins with, when it is the first. */
  letter?: string | undefined
}

/** A member as the directory lists them. */
export type Listed = User & Pick<Profile, 'role'>

interface ListedPage extends Pick<UserPage, 'has_more' | 'next_cursor'> {
  members: Listed[]
}

/** How many rows from the start of the directory are scanned first: common names are found among them. */
const maxFirst = 1000

/**
 * A page of active members whose name, @username or company contains the text, ignoring case, diacritics and invisible
 * characters. In the order of names, by the Polish alphabet.
 *
 * Common text is found soon by reading names in order, but is expensive by the index, where all matches are found and
 * sorted; for rare text the opposite is true. So the first names are read, and the index only when they do not suffice.
 */
export async function searchUsers(search: Search): Promise<UserPage> {
  const { members, ...page } = await searchDirectory(search)
  return { users: members.map(({ role: _, ...user }) => user), ...page }
}

/** The same, with what the directory lists besides. */
export async function searchDirectory({ query, limit, cursor, letter }: Search): Promise<ListedPage> {
  const from = cursor ? after(cursor) : letter ? beginningWith(letter) : sql``
  const rows = await sql<(Listed & { place: string })[]>`${searching(query, limit + 1, from)}`
  const has_more = rows.length > limit
  const shown = rows.slice(0, limit)
  const last = shown.at(-1)
  return {
    members: shown.map(({ place: _, ...member }) => member),
    has_more,
    next_cursor: has_more && last ? writeCursor([last.place, last.id]) : null,
  }
}

/** Exported for a test of its plan. */
export const searching = (query: string, limit: number, from = sql``) => sql`
  with wanted as materialized (select fold_text(${query}) as text),
  beginning as materialized (
    select u.id, u.sought, ${nameOrder()} as place from users u where u.is_active ${from}
    order by ${nameOrder()}, u.id limit ${maxFirst}
  ), near as materialized (
    select u.id, u.place from beginning u, wanted where strpos(u.sought, wanted.text) > 0
    order by u.place, u.id limit ${limit}
  ), found as (
    select id, place from near where (select count(*) from near) >= ${limit}
    union all (
      select u.id, ${nameOrder()} from users u
      where (select count(*) from near) < ${limit} and u.is_active ${from}
        and name_pieces(u.sought) @> (select sought_pieces(text) from wanted)
        and strpos(u.sought, (select text from wanted)) > 0
      order by 2, 1 limit ${limit})
  )
  select ${userColumns()}, ${roleColumn()}, found.place from found join users u on u.id = found.id order by found.place, found.id`

/** As the index has it; a function's result has the collation of the database. */
const nameOrder = () => sql`name_order(u.name) collate "C"`

/** Where the page before ended. */
const after = ({ name, id }: DirectoryPlace) => sql`and (${nameOrder()}, u.id) > (${name} collate "C", ${id})`

const beginningWith = (letter: string) => sql`and ${nameOrder()} >= name_order(${letter}) collate "C"`
