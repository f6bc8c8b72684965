import { membershipsOf } from '../changes/membership.ts'
import type { SearchKind } from '../contract/search.ts'
import { sql } from '../db/client.ts'
import { type Fragment, writtenBytes } from '../messages/fitting.ts'

export interface Filters {
  /** All messages, those with a link, or those with files, which are also found by the names of these. */
  kind?: SearchKind | undefined
  conversation_id?: number | undefined
  sender_id?: number | undefined
  /** ISO 8601; the first moment that counts, and the first after it that does not. */
  since?: string | undefined
  until?: string | undefined
  limit: number
  /** The id before which the page begins. */
  cursor?: number | undefined
}

/** How many of a member's newest messages are read for the words: common ones are found among them. */
const maxRead = 1000
/** Up to so many conversations, their newest are found in each; of more, among the newest of all that there are. */
const maxApart = 100

/** The index is asked for so many times as many before it is asked for all: few rows have to be read for these. */
const times = 10

/** A web address, typed or linked; roughly what `addresses()` in views/messages/ makes a link of. */
const link = String.raw`https?://|(^|[^[:alnum:]_@/.:-])(www\.|([[:alnum:]-]+\.)+(pl|com|org|net|eu|info|edu|gov|io|dev)\M)`

/** Ids are far below, see contract/fields.ts. */
const end = 2 ** 53

/**
 * The newest messages that are sought, one more than the page holds, with their bytes. Exported for a test of its plan.
 * @param words for each a tsquery, one at least; see sought.ts
 *
 * Common words are found soon by reading the member's newest messages, but are expensive by the index, where all that
 * have them are found and sorted; for rare words the opposite is true. So the newest are read (`near`), and the index
 * only when they do not suffice: for those before them (`middle`), or for all (`far`).
 *
 * `walked` has no holes: of a conversation with more messages than were taken, what is older than those taken is
 * left to the index in the others, too. Plans are made once, on tables that may be empty: what is to be asked of the index
 * stands by itself, so that no other can serve.
 */
export const finding = (
  userId: number,
  words: string[],
  { conversation_id, limit, cursor = end, ...filters }: Filters,
) => sql`
  with mine as materialized (
    select coalesce(array_agg(c.id), '{}') as ids, count(*) <= ${maxApart} as is_apart
    from ${membershipsOf(userId)} ${conversation_id ? sql`where c.id = ${conversation_id}` : sql``}
  ), taking as materialized (
    select greatest(50, ${maxRead} * 5 / greatest(1, cardinality(ids)))::int as most from mine
  ), sought as materialized (
    select ${words.join('&')}::tsquery as words
  ), tops as materialized (
    select top.id, row_number() over (partition by c.id order by top.id desc) = taking.most as is_last
    from mine, taking, unnest(mine.ids) c (id), lateral (
      select m.id from messages m where m.conversation_id = c.id and m.id < ${cursor}
      order by m.id desc limit taking.most
    ) top
    where mine.is_apart
  ), walked as materialized (
    select id from (
      select id from tops where id >= coalesce((select max(id) from tops where is_last), 0)
      union all
      select id from (
        select m.id, m.conversation_id from messages m
        where not (select is_apart from mine) and m.id < ${cursor} order by m.id desc limit ${maxRead * 3}
      ) m
      where m.conversation_id = any((select ids from mine)::bigint[])
    ) newest
    order by id desc limit ${maxRead}
  ), near as materialized (
    select m.id, m.bytes from walked cross join lateral (
      select m.id, ${writtenBytes()} as bytes from messages m
      where m.id = walked.id ${isSought(filters)} and (text_words(m.content_text) @@ (select words from sought)
        ${filters.kind === 'files' ? sql`or exists (${filesOf()} and ${isNamed()})` : sql``})
      offset 0
    ) m
    order by walked.id desc limit ${limit + 1}
  ), reached as materialized (
    select until, ${times} * (least(${cursor}, (select max(id) + 1 from walked)) - until) as span, count
    from (select least(${cursor}, (select min(id) from walked)) as until, (select count(*) from near) as count) n
  ), hits as materialized (
    ${hitsOf(words, sql`(select count <= ${limit} and ${isMiddleWorthIt(limit, filters)} from reached)`, filters, inMiddle(sql`m.id`))}
  ), middle as materialized (
    select id, bytes from hits
    where conversation_id = any((select ids from mine)::bigint[]) ${inMiddle(sql`id`)}
    order by id desc limit ${limit + 1}
  ), all_hits as materialized (
    ${hitsOf(words, sql`(select count from reached) + (select count(*) from middle) <= ${limit}`, filters)}
  ), far as (
    select id, bytes from all_hits
    where conversation_id = any((select ids from mine)::bigint[]) and id < (select until from reached)
    order by id desc limit ${limit + 1}
  )
  select id, bytes from near union select id, bytes from middle union select id, bytes from far
  order by id desc limit ${limit + 1}`

/** With what the newest had, it can be foreseen; not of a common word that is narrowed to what is rare. */
const isMiddleWorthIt = (limit: number, { kind, sender_id, since, until }: Narrowing) =>
  kind === 'files' || kind === 'links' || sender_id || since || until
    ? sql`true`
    : sql`${times} * count > ${limit}`

const inMiddle = (id: Fragment) =>
  sql`and ${id} between (select until - span from reached) and (select until - 1 from reached)`

/** What the index finds, when it is needed. Asked for each word apart, it compares what it has of them much faster. */
const hitsOf = (words: string[], isNeeded: Fragment, filters: Narrowing, within = sql``) => sql`
  select m.id, m.conversation_id, ${writtenBytes()} as bytes from messages m
  where ${isNeeded} ${within} ${isSought(filters)}
    and message_words(m.conversation_id, m.content_text) @@ (
      select case when is_apart then ${words[0]!}::tsquery && ${inTheirs()} else ${words[0]!}::tsquery end from mine)
    ${further(words.slice(1))}
  ${filters.kind === 'files' ? sql`union ${namedFiles(isNeeded, filters)}` : sql``}`

/** Two apart and the rest together: each number of them is a statement that stays prepared. */
const further = (words: string[]) =>
  [...words.slice(0, 2), words.slice(2).join('&')]
    .filter(Boolean)
    .reduce(
      (all, word) => sql`${all} and message_words(m.conversation_id, m.content_text) @@ ${word}::tsquery`,
      sql``,
    )

/** A word for each conversation, of which a message has one. */
const inTheirs = () =>
  sql`(select string_agg(format('''/%s''', c.id), ' | ')::tsquery from unnest(mine.ids) c (id))`

const filesOf = () => sql`select from message_attachments a where a.new_message_id = m.id`
const isNamed = () => sql`text_words(a.filename) @@ (select words from sought)`

/** Messages with a file of that name, of all: there are fewer names than texts. */
const namedFiles = (isNeeded: Fragment, filters: Narrowing) => sql`
  select m.id, m.conversation_id, ${writtenBytes()} as bytes
  from message_attachments a join messages m on m.id = a.new_message_id
  where ${isNeeded} and ${isNamed()} ${isSought(filters)}`

type Narrowing = Pick<Filters, 'kind' | 'sender_id' | 'since' | 'until'>

/** Written so that no index but that of the words can serve. */
const isSought = ({ kind, sender_id, since, until }: Narrowing) => sql`
  and m.kind = 'user' and not m.is_deleted
  ${kind === 'files' ? sql`and exists (${filesOf()})` : sql``}
  ${kind === 'links' ? sql`and m.content ~* ${link}` : sql``}
  ${sender_id ? sql`and (m.sender_id = ${sender_id}) is true` : sql``}
  ${since ? sql`and m.created_at >= ${since}` : sql``}
  ${until ? sql`and m.created_at < ${until}` : sql``}`
