import { hasOldAttachments } from './attachments.ts'
import type { Transaction } from './connection.ts'
import type { Report } from './report.ts'
import { moment, sane } from './times.ts'

/**
 * Reads what was not moved yet into a temporary table `legacy_inbox`: a narrow row for each message of either
 * source, without its content. `departed` stands for senders and recipients who are gone.
 *
 * `ordered_at` is the portal's time, of a message without one that of the message before it; `sent_at` what it
 * becomes here.
 */
export async function readInbox(tx: Transaction, departed: number | null): Promise<void> {
  const known = tx`max(created_at) filter (where created_at < now() at time zone 'UTC') over (order by id)`
  const files = await hasOldAttachments(tx)
  const hasFiles = (column: string) =>
    files
      ? tx`id in (select ${tx(column)} from message_attachments where ${tx(column)} is not null)`
      : tx`false`
  await tx`
    create temp table legacy_inbox (
      source varchar(10), legacy_id integer, pair text, group_id integer, sender_id bigint, recipient_id bigint,
      ordered_at timestamptz, sent_at timestamptz, has_odd_time boolean, is_deleted boolean, is_half_deleted boolean,
      is_unread boolean, read_at timestamptz, parent_id integer, size integer, has_files boolean
    ) on commit drop`
  await tx`
    insert into legacy_inbox
    select 'private', id, concat_ws(':', least(sender, recipient), greatest(sender, recipient)), null,
      sender, recipient, ordered_at, ${sane(tx, tx`ordered_at`)},
      created_at is null or ordered_at <> ${sane(tx, tx`ordered_at`)},
      by_sender and by_recipient, by_sender <> by_recipient,
      is_read is not true and sender <> recipient and not (by_sender and by_recipient),
      ${sane(tx, moment(tx, 'read_at'))}, nullif(parent_id, id), octet_length(content),
      ${hasFiles('message_id')}
    from (
      select *, coalesce(sender_id, ${departed}::bigint) as sender, coalesce(recipient_id, ${departed}::bigint) as recipient,
        coalesce(deleted_by_sender, false) as by_sender, coalesce(deleted_by_recipient, false) as by_recipient,
        coalesce(created_at, ${known}, now() at time zone 'UTC') at time zone 'UTC' as ordered_at
      from private_messages
    ) p
    where not exists (select from legacy_messages lm where lm.source = 'private' and lm.legacy_id = p.id)`
  await tx`
    insert into legacy_inbox
    select 'group', id, null, group_id, coalesce(sender_id, ${departed}::bigint), null,
      ordered_at, ${sane(tx, tx`ordered_at`)}, created_at is null or ordered_at <> ${sane(tx, tx`ordered_at`)},
      is_deleted is true, false, false, null, null, octet_length(content), ${hasFiles('group_message_id')}
    from (
      select *, coalesce(created_at, ${known}, now() at time zone 'UTC') at time zone 'UTC' as ordered_at
      from group_message
    ) g
    where not exists (select from legacy_messages lm where lm.source = 'group' and lm.legacy_id = g.id)
      -- A group that was moved and then removed here is not begun anew.
      and not exists (select from legacy_conversations lc where lc.group_id = g.group_id and lc.conversation_id is null)`
  await tx`analyze legacy_inbox`
}

/** How many messages there are to move, and in how many batches. */
export interface Queue {
  messages: number
  batches: number
}

/** Bytes of content in a batch, about; a message counts some for itself. */
const batchBytes = 2_000_000

/**
 * Puts the messages in their order into a temporary table `legacy_queue`, numbered, and cut into batches that fit
 * into memory however long the messages are. The conversations are there by now.
 */
export async function lineUp(tx: Transaction): Promise<Queue> {
  await tx`
    create temp table legacy_queue on commit drop as
    select row_number() over line as n, coalesce(pc.id, lc.conversation_id) as conversation_id,
      (sum(i.size + 1000) over line / ${batchBytes}::numeric)::integer as batch, i.*
    from legacy_inbox i
    left join conversations pc on pc.direct_key = i.pair
    left join legacy_conversations lc on lc.group_id = i.group_id
    window line as (order by i.ordered_at, i.source desc, i.legacy_id)`
  await tx`create unique index on legacy_queue (n)`
  await tx`create index on legacy_queue (batch)`
  await tx`create index on legacy_queue (source, legacy_id)`
  await tx`create index on legacy_queue (conversation_id, ordered_at, n)`
  await tx`analyze legacy_queue`
  const [row] = await tx<[Queue]>`
    select count(*) as messages, coalesce(max(batch) + 1, 0) as batches from legacy_queue`
  return row
}

/** Counts what is read, and notes whose time could not stay as it was. */
export async function countInbox(tx: Transaction, report: Report): Promise<void> {
  const [row] = await tx<[Record<string, number>]>`
    select count(*) filter (where source = 'private') as private_messages,
      count(*) filter (where source = 'group') as group_messages,
      count(*) filter (where is_deleted) as deleted,
      count(*) filter (where is_half_deleted) as deleted_by_one_side,
      (select count(*) from group_message g join legacy_conversations lc on lc.group_id = g.group_id
       where lc.conversation_id is null and not exists (
         select from legacy_messages lm where lm.source = 'group' and lm.legacy_id = g.id)) as messages_of_removed_groups
    from legacy_inbox`
  for (const [figure, count] of Object.entries(row)) report.count(figure, count)
  const odd = await tx<{ source: string; id: number; at: string }[]>`
    select source, legacy_id as id, to_char(sent_at, 'YYYY-MM-DD HH24:MI:SS') as at from legacy_inbox
    where has_odd_time order by source desc, legacy_id`
  for (const { source, id, at } of odd)
    report.notes.push({
      table: source === 'private' ? 'private_messages' : 'group_message',
      id,
      reason: `has no time, or an impossible one: now ${at}`,
    })
}
