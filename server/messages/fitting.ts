import type { PendingQuery, Row } from 'postgres'
import { sql } from '../db/client.ts'

export type Fragment = PendingQuery<Row[]>

/** A page holds at most so much of what members wrote, and always one message. Bytes. */
export const maxPageBytes = 512 * 1024

/** Of what somebody wrote in a message `m`. Its row alone tells it, also of a long text, which lies elsewhere. */
export const writtenBytes = () => sql`coalesce(octet_length(m.content) + octet_length(m.content_text), 0)`

/** What `firstFitting` knows of a message besides its row. */
export interface Fitted {
  /** Of all up to this one. */
  bytes: number
  /** Whether another one comes after it, in the page or beyond. */
  is_followed: boolean
}

/**
 * Messages `m`, the first `count` of those given, as far as they fit into so many bytes. The rest is not even sent by
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

/** How many of these fit into a page, from the first on. */
export function countFitting(items: { bytes: number }[]): number {
  let sum = 0
  const beyond = items.findIndex(({ bytes }, index) => {
    sum += bytes
    return index > 0 && sum > maxPageBytes
  })
  return beyond < 0 ? items.length : beyond
}
