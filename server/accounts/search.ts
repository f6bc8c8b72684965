import { writeCursor } from '../contract/cursor.ts'
import type { DirectoryPlace, User, UserPage } from '../contract/users.ts'
import { sql } from '../db/client.ts'
import { userColumns } from './store.ts'

interface Search {
  query: string
  limit: number
  cursor?: DirectoryPlace | undefined
}

/** How many rows from the start of the directory are scanned first: common names are found among them. */
const maxFirst = 1000

/**
 * A page of active members whose name, @username or company contains the text, ignoring case, diacritics and invisible
 * characters. In the order of names.
 *
 * Common text is found soon by reading names in order, but is expensive by the index, where all matches are found and
 * sorted; for rare text the opposite is true. So the first names are read, and the index only when they do not suffice.
 */
export async function searchUsers({ query, limit, cursor }: Search): Promise<UserPage> {
  const rows = await sql<(User & { place: string })[]>`${searching(query, limit + 1, cursor)}`
  const has_more = rows.length > limit
  const shown = rows.slice(0, limit)
  const last = shown.at(-1)
  return {
    users: shown.map(({ place: _, ...user }) => user),
    has_more,
    next_cursor: has_more && last ? writeCursor([last.place, last.id]) : null,
  }
}

/** Exported for a test of its plan. */
export const searching = (query: string, limit: number, cursor?: DirectoryPlace) => sql`
  with wanted as materialized (select fold_text(${query}) as text),
  beginning as materialized (
    select u.id, u.sought, split_part(u.sought, E'\n', 1) as place from users u where u.is_active ${after(cursor)}
    order by split_part(u.sought, E'\n', 1), u.id limit ${maxFirst}
  ), near as materialized (
    select u.id, u.place from beginning u, wanted where strpos(u.sought, wanted.text) > 0
    order by u.place, u.id limit ${limit}
  ), found as (
    select id, place from near where (select count(*) from near) >= ${limit}
    union all (
      select u.id, split_part(u.sought, E'\n', 1) from users u
      where (select count(*) from near) < ${limit} and u.is_active ${after(cursor)}
        and name_pieces(u.sought) @> (select sought_pieces(text) from wanted)
        and strpos(u.sought, (select text from wanted)) > 0
      order by 2, 1 limit ${limit})
  )
  select ${userColumns()}, found.place from found join users u on u.id = found.id order by found.place, found.id`

/** Where the page before ended. */
const after = (cursor?: DirectoryPlace) =>
  cursor ? sql`and (split_part(u.sought, E'\n', 1), u.id) > (${cursor.name}, ${cursor.id})` : sql``
