import { membershipsOf, membershipsOfAll } from '../changes/membership.ts'
import {
  type Conversation,
  type ConversationPage,
  type Filter,
  type ListQuery,
  type Member,
  writeListCursor,
} from '../contract/conversations.ts'
import { limits } from '../contract/limits.ts'
import { batched } from '../db/batch.ts'
import { sql } from '../db/client.ts'
import type { Row } from '../db/schema.ts'
import { countFitting, writtenBytes } from '../messages/fitting.ts'
import { messagesById } from '../messages/store.ts'
import { notFound } from '../web/problem.ts'
import { otherPerson, title } from './title.ts'

/** A conversation as one of its members sees it, without what `complete` adds. */
type ViewRow = Omit<Conversation, 'last_message' | 'members'> &
  Row<'conversations', 'last_message_id'> & { viewer_id: number }

/** Written out: of a parameter the planner knows no value, and expects a tenth of all rows. */
const countLimit = () => sql.unsafe(`limit ${limits.unreadCount}`)

/** Up to where a member `me` has read, as they themselves see it. */
const readUpTo = () => sql`read_up_to(me.last_read_message_id, me.unread_from_id)`

/** Whether a member `me` has muted it, by now. */
const isMuted = () => sql`is_mute_on(me.is_muted, me.muted_until)`

/**
 * Others' messages after the viewer's read position, from `me` and `c`. To be selected in the order of ids and with a
 * limit: otherwise PostgreSQL reads all of them before it counts, however many there are.
 */
const unread = (columns: ReturnType<typeof sql>) => sql`
  select ${columns} from messages m
  where m.conversation_id = c.id and m.id > ${readUpTo()}
    and m.sender_id <> me.user_id and m.kind = 'user' and not m.is_deleted`

/** Whether a member `me` is notified of what mentions them. Between two, that would be nearly everything. */
const hearsMentions = () => sql`not (${isMuted()} and (me.mutes_mentions or not c.is_group))`

const notify = () =>
  sql`case when not ${isMuted()} then 'all' when ${hearsMentions()} then 'mentions' else 'none' end`

/** Those that mention the viewer, from `me` and `c`; to be limited, like `unread`. */
const unreadMentions = () => sql`
  select from message_mentions mm
  where mm.user_id = me.user_id and mm.conversation_id = c.id
    and mm.message_id > ${readUpTo()} and not mm.is_removed
  order by mm.message_id`

/** A conversation `c` as its member `me` sees it. */
const columns = () => sql`
  me.user_id as viewer_id, c.id, c.is_group, c.name, c.description,
  ${title()} as title, other.avatar as avatar_url,
  c.owner_id, c.created_at, c.updated_at, c.seq, c.last_message_id,
  unread.count as unread_count, unread.first_id as first_unread_id,
  case when ${hearsMentions()} then (select count(*) from (${unreadMentions()} ${countLimit()}) mentioned) else 0 end
    as unread_mentions,
  ${isMuted()} as is_muted, ${notify()} as notify, case when ${isMuted()} then me.muted_until end as muted_until,
  me.is_pinned, me.is_archived, me.role,
  (select count(*) from conversation_members every where every.conversation_id = c.id) as member_count`

/** Without it, PostgreSQL would look for unread messages in every conversation. */
const mayHaveUnread = () => sql`c.last_message_id > ${readUpTo()}`

/** `unread.count`, up to a limit, and `unread.first_id`, from `me` and `c`. */
export const unreadOf = () => sql`
  cross join lateral (
    select count(*), min(counted.id) as first_id from (${unread(sql`m.id`)} order by m.id ${countLimit()}) counted
  ) unread`

const shown = {
  all: () => sql`not me.is_archived`,
  unread: () =>
    sql`not me.is_archived and ${mayHaveUnread()} and (${unread(sql`true`)} order by m.id limit 1)`,
  groups: () => sql`not me.is_archived and c.is_group`,
  archived: () => sql`me.is_archived`,
  any: () => sql`true`,
} satisfies Record<Filter, () => unknown>

/**
 * A page of the viewer's conversations, most recently changed first; fewer when their last messages are long. With the
 * first page come the pinned ones that are not on it.
 */
export async function listConversations(
  viewerId: number,
  { filter, limit, cursor, query }: ListQuery,
): Promise<ConversationPage> {
  const withPinned = !cursor && !query
  const [rows, unread_total] = await Promise.all([
    listRows(viewerId, { filter, limit: limit + 1, cursor, query }, withPinned),
    unreadTotal(viewerId),
  ])
  const first = rows.slice(0, limit + 1)
  const count = Math.min(limit, countFitting(first))
  const has_more = first.length > count
  const shown = rows.filter(({ is_pinned }, i) => i < count || (withPinned && is_pinned))
  const all = await complete(shown.map(({ bytes: _, ...row }) => row))
  const conversations = all.slice(0, count)
  const last = conversations.at(-1)
  return {
    conversations,
    ...(withPinned && { pinned: all.slice(count) }),
    has_more,
    next_cursor: has_more && last ? writeListCursor(last) : null,
    unread_total,
  }
}

/** @param withPinned those that are pinned follow, if they are not among the first */
function listRows(viewerId: number, { filter, limit, cursor, query }: ListQuery, withPinned: boolean) {
  const pinned = sql`union select c.id from ${membershipsOf(viewerId)} where me.is_pinned and ${shown[filter]()}`
  const before = cursor ? sql`and (c.updated_at, c.id) < (${cursor.updatedAt}, ${cursor.id})` : sql``
  return sql<(ViewRow & { bytes: number })[]>`
    with page as materialized (
      (select c.id from ${membershipsOf(viewerId)} ${query ? named() : sql``}
      where ${shown[filter]()} ${before} ${query ? isNamed(query) : sql``}
      order by c.updated_at desc, c.id desc
      limit ${limit})
      ${withPinned ? pinned : sql``}
    )
    select ${columns()},
      coalesce((select ${writtenBytes()} from messages m where m.id = c.last_message_id), 0) as bytes
    from page join ${membershipsOf(viewerId)} on c.id = page.id
    ${otherPerson()} ${unreadOf()}
    order by c.updated_at desc, c.id desc`
}

/** The other member of each 1:1 by a plain join: a search goes through all of the viewer's conversations. */
const named = () => sql`
  left join conversation_members cm on cm.conversation_id = c.id and not c.is_group
    and (cm.user_id <> me.user_id or c.direct_key = concat(me.user_id, ':', me.user_id))
  left join users named on named.id = cm.user_id`

/** Whether the group's name, or what the other member is found by, contains this. */
const isNamed = (query: string) =>
  sql`and strpos(coalesce(named.sought, fold_text(c.name)), (select fold_text(${query}))) > 0`

/** Unread messages in all conversations together, of muted ones mentions; counting stops at `limits.unreadCount`. */
async function unreadTotal(viewerId: number): Promise<number> {
  const [row] = await sql<{ total: number }[]>`
    select count(*) as total from (
      (select from ${membershipsOf(viewerId)}
        cross join lateral (${unread(sql`m.id`)} order by m.id ${countLimit()}) waiting
        where not ${isMuted()} and not me.is_archived and ${mayHaveUnread()}
        ${countLimit()})
      union all
      (select from ${membershipsOf(viewerId)}
        cross join lateral (${unreadMentions()} ${countLimit()}) waiting
        where ${isMuted()} and ${hearsMentions()} and not me.is_archived and ${mayHaveUnread()}
        ${countLimit()})
      ${countLimit()}
    ) counted`
  return row!.total
}

/**
 * One conversation with its members.
 * @throws Problem 404 when there is none, or the viewer is no member of it
 */
export async function findConversation(viewerId: number, id: number): Promise<Conversation> {
  const [conversation] = (await viewsOf(id, [viewerId])).values()
  if (!conversation) throw notFound()
  return { ...conversation, members: await membersOf(id, viewerId) }
}

/** One conversation as each of these members sees it, by member. */
export async function viewsOf(id: number, viewerIds: number[]): Promise<Map<number, Conversation>> {
  const rows = await sql<ViewRow[]>`
    select ${columns()}
    from ${membershipsOfAll(viewerIds)} ${otherPerson()} ${unreadOf()}
    where c.id = ${id}`
  const conversations = await complete(rows)
  return new Map(rows.map((row, i) => [row.viewer_id, conversations[i]!]))
}

/** These conversations as one user sees them, without those the user is no member of. */
export const viewsFor = batched({
  // Each may ask for as many as a replay has.
  maxTogether: 20,
  async ask(questions: { viewerId: number; ids: number[] }[]): Promise<Conversation[][]> {
    const asked = questions.flatMap(({ viewerId, ids }, index) => ids.map((id) => ({ index, viewerId, id })))
    if (asked.length === 0) return questions.map(() => [])
    const rows = await sql<(ViewRow & { index: number })[]>`
      select asked.index, view.*
      from unnest(
        ${asked.map(({ index }) => index)}::int[],
        ${asked.map(({ viewerId }) => viewerId)}::bigint[],
        ${asked.map(({ id }) => id)}::bigint[]
      ) as asked (index, viewer_id, id)
      cross join lateral (
        select ${columns()} from ${membershipsOf(sql`asked.viewer_id`)} ${otherPerson()} ${unreadOf()}
        where c.id = asked.id
        offset 0) view
      order by view.id`
    const views: Conversation[][] = questions.map(() => [])
    const conversations = await complete(rows.map(({ index: _, ...row }) => row))
    for (const [i, { index }] of rows.entries()) views[index]!.push(conversations[i]!)
    return views
  },
})

/** Adds what is in other tables: the last message and, for a 1:1, its two members. */
async function complete(rows: ViewRow[]): Promise<Conversation[]> {
  const [messages, members] = await Promise.all([
    messagesById(rows.flatMap((row) => row.last_message_id ?? [])),
    membersOfEach(rows.filter((row) => !row.is_group).map((row) => row.id)),
  ])
  return rows.map(({ viewer_id: _, last_message_id, ...row }) => ({
    ...row,
    last_message: (last_message_id && messages.get(last_message_id)) || null,
    ...(!row.is_group && { members: members.get(row.id) ?? [] }),
  }))
}

const memberColumns = (lastRead = sql`cm.last_read_message_id`) => sql`
  cm.user_id, u.username, u.name as display_name, u.avatar as avatar_url, cm.role, cm.joined_at,
  cm.last_read_at, ${lastRead} as last_read_message_id, cm.last_delivered_message_id, u.is_active`

/** Where a member `cm` has read to as they themselves see it, as a message of this conversation. */
const ownLastRead = (viewerId: number) => sql`
  case when cm.user_id = ${viewerId} and cm.unread_from_id is not null then (
    select m.id from messages m where m.conversation_id = cm.conversation_id and m.id < cm.unread_from_id
    order by m.id desc limit 1) else cm.last_read_message_id end`

/** @param viewerId who sees of themselves what they have marked as unread, which others do not */
export const membersOf = (id: number, viewerId: number) => sql<Member[]>`
  select ${memberColumns(ownLastRead(viewerId))} from conversation_members cm join users u on u.id = cm.user_id
  where cm.conversation_id = ${id}
  order by cm.role = 'owner' desc, cm.joined_at, cm.user_id`

/** The members of several conversations, as `membersOf` has those of one. */
export async function membersOfEach(ids: number[]): Promise<Map<number, Member[]>> {
  if (ids.length === 0) return new Map()
  const rows = await sql<(Member & Row<'conversation_members', 'conversation_id'>)[]>`
    select cm.conversation_id, ${memberColumns()} from conversation_members cm join users u on u.id = cm.user_id
    where cm.conversation_id = any(${ids})
    order by cm.role = 'owner' desc, cm.joined_at, cm.user_id`
  const strip = ({ conversation_id: _, ...member }: (typeof rows)[number]): Member => member
  return new Map(
    [...Map.groupBy(rows, (row) => row.conversation_id)].map(([id, members]) => [id, members.map(strip)]),
  )
}
