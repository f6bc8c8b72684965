import type { PendingQuery, Row } from 'postgres'
import { sql } from '../db/client.ts'

export type Fragment = PendingQuery<Row[]>

/** The content of a page, in bytes; a page always holds at least one message. */
export const maxPageBytes = 512 * 1024

/** The bytes of a message `m`, without reading a long text, which is stored out of line. */
export const writtenBytes = () => sql`coalesce(octet_length(m.content) + octet_length(m.content_text), 0)`

export interface Fitted {
  /** Bytes up to and including this message. */
  bytes: number
  /** Whether another message follows, in the page or beyond. */
  is_followed: boolean
}

/**
 * The first `count` of the given messages, as far as they fit into so many bytes. The rest is not even sent by
 * the database.
 * @param messages a select of columns of messages `m`
 */
export const firstFitting = (
  messages: Fragment,
  order: Fragment,
  count: number,
  bytes = maxPageBytes,
): Fragment => sql`(
  select * from (
    select m.*, sum(${writtenBytes()}) over page as bytes, row_number() over page as place,
      lead(m.id) over page is not null as is_followed
    from (${messages} order by ${order} limit ${count + 1}) m
    window page as (order by ${order} rows unbounded preceding)
  ) measured
  where place = 1 or (place <= ${count} and bytes <= ${bytes})) m`

/** How many of these fit into a page, counted from the first. */
export function countFitting(items: { bytes: number }[]): number {
  let sum = 0
  const beyond = items.findIndex(({ bytes }, index) => {
    sum += bytes
    return index > 0 && sum > maxPageBytes
  })
  return beyond < 0 ? items.length : beyond
}
