import { safeName } from './attachments.ts'
import type { Transaction } from './connection.ts'
import { moved } from './finish.ts'
import type { Check, Report } from './report.ts'

/** What the checks ask with: who stands for the departed, and the first id that this run has given. */
export interface Run {
  departed: number | null
  firstId: number
}

/** Counts afresh, from the old tables themselves and from what is stored, what must be the same before and after. */
export async function check(tx: Transaction, run: Run, report: Report): Promise<void> {
  report.checks.push(
    ...(await messages(tx, run)),
    await inOrder(tx, run),
    await heads(tx),
    ...(await groups(tx)),
    await attachments(tx),
    await unread(tx, run),
  )
}

const same = (name: string, before: number, after: number): Check => ({
  name,
  before,
  after,
  holds: before === after,
})

const notBefore = (tx: Transaction, { firstId }: Run, source: string) => tx`
  not exists (select from legacy_messages lm where lm.source = ${source} and lm.legacy_id = old.id
    and (lm.message_id is null or lm.message_id < ${firstId}))`

const oldPrivate = (tx: Transaction, run: Run) => tx`
  select old.*, coalesce(sender_id, ${run.departed}::bigint) as sender,
    coalesce(recipient_id, ${run.departed}::bigint) as recipient,
    deleted_by_sender is true and deleted_by_recipient is true as is_gone
  from private_messages old where ${notBefore(tx, run, 'private')}`

const oldGroup = (tx: Transaction, run: Run) => tx`
  select old.* from group_message old where ${notBefore(tx, run, 'group')}
    and not exists (select from legacy_conversations lc where lc.group_id = old.group_id and lc.conversation_id is null)`

async function messages(tx: Transaction, run: Run): Promise<Check[]> {
  const rows = await tx<Record<string, number>[]>`
    with old as (
      select 'private' as source, concat_ws(':', least(sender, recipient), greatest(sender, recipient)) as place,
        is_gone from (${oldPrivate(tx, run)}) p
      union all
      select 'group', group_id::text, is_deleted is true from (${oldGroup(tx, run)}) g
    ), new as (
      select lm.source, coalesce(c.direct_key, lc.group_id::text) as place, m.is_deleted as is_gone
      from legacy_messages lm
      join messages m on m.id = lm.message_id
      join conversations c on c.id = m.conversation_id
      join legacy_conversations lc on lc.conversation_id = c.id
      where lm.message_id >= ${run.firstId} and lm.part = 1
    ), places as (
      select source, place, sum(was) as was, sum(is_now) as is_now, sum(was_gone) as was_gone, sum(is_gone) as is_gone
      from (
        select source, place, 1 as was, 0 as is_now, is_gone::integer as was_gone, 0 as is_gone from old
        union all
        select source, place, 0, 1, 0, is_gone::integer from new
      ) both_sides group by source, place
    )
    select
      coalesce(sum(was) filter (where source = 'private'), 0)::bigint as private_was,
      coalesce(sum(is_now) filter (where source = 'private'), 0)::bigint as private_is,
      coalesce(sum(was) filter (where source = 'group'), 0)::bigint as group_was,
      coalesce(sum(is_now) filter (where source = 'group'), 0)::bigint as group_is,
      count(*) filter (where was > 0) as places_were,
      count(*) filter (where was > 0 and was = is_now) as places_are,
      coalesce(sum(was_gone), 0)::bigint as gone_was, coalesce(sum(is_gone), 0)::bigint as gone_is
    from places`
  const row = rows[0] as Record<string, number>
  return [
    same('private messages', row.private_was!, row.private_is!),
    same('group messages', row.group_was!, row.group_is!),
    same('pairs and groups with as many messages', row.places_were!, row.places_are!),
    same('deleted messages', row.gone_was!, row.gone_is!),
  ]
}

/** Ids, numbers and times of what was moved go the same way as the portal's times, then its ids. */
async function inOrder(tx: Transaction, { firstId }: Run): Promise<Check> {
  const [row] = await tx<[{ all: number; ordered: number }]>`
    select count(*) as all, count(*) filter (where is_first or goes_on) as ordered from (
      select lag(m.id) over line is null as is_first,
        m.seq = lag(m.seq) over line + 1 and m.created_at >= lag(m.created_at) over line
          and (q.ordered_at, q.legacy_id) >= (lag(q.ordered_at) over line, lag(q.legacy_id) over line) as goes_on
      from legacy_messages lm
      join legacy_queue q on q.source = lm.source and q.legacy_id = lm.legacy_id
      join messages m on m.id = lm.message_id
      where lm.message_id >= ${firstId}
      window line as (partition by m.conversation_id order by m.id)
    ) steps`
  return same('messages in their order', row.all, row.ordered)
}

async function heads(tx: Transaction): Promise<Check> {
  const [row] = await tx<[{ all: number; right: number }]>`
    select count(*) as all, count(*) filter (where c.seq = last.seq and c.last_message_id = last.id) as right
    from conversations c
    cross join lateral (
      select id, seq from messages m where m.conversation_id = c.id order by id desc limit 1) last
    where c.id in (select conversation_id from legacy_queue)`
  return same('conversations that know their last message', row.all, row.right)
}

async function groups(tx: Transaction): Promise<Check[]> {
  const [row] = await tx<[{ members: number; are: number; owned: number; owners: number }]>`
    select
      (select count(*) from message_group_member m join legacy_new_groups n using (group_id)) as members,
      (select count(*) from conversation_members cm join legacy_new_groups n using (conversation_id)) as are,
      (select count(distinct group_id) from message_group_member m join legacy_new_groups n using (group_id)) as owned,
      (select count(*) from conversation_members cm join conversations c on c.id = cm.conversation_id
       join legacy_new_groups n on n.conversation_id = c.id
       where cm.role = 'owner' and cm.user_id = c.owner_id) as owners`
  return [
    same('members of groups', row.members, row.are),
    same('groups with members that have an owner', row.owned, row.owners),
  ]
}

async function attachments(tx: Transaction): Promise<Check> {
  const [row] = await tx<[{ all: number; linked: number }]>`
    select count(*) as all, count(*) filter (where a.new_message_id = lm.message_id) as linked
    from message_attachments a
    join legacy_messages lm on lm.part = 1 and lm.message_id is not null
      and lm.source = case when a.message_id is not null then 'private' else 'group' end
      and lm.legacy_id = coalesce(a.message_id, a.group_message_id)
    where ${safeName(tx)}`
  return same('attachments', row.all, row.linked)
}

/** Of what was moved, per member and conversation: more may be unread than was, never fewer. */
async function unread(tx: Transaction, run: Run): Promise<Check> {
  const [row] = await tx<[{ was: number; is_now: number; fewer: number }]>`
    with old as (
      select lm.message_id, p.recipient as user_id from (${oldPrivate(tx, run)}) p
      join legacy_messages lm on lm.source = 'private' and lm.legacy_id = p.id and lm.part = 1
      where p.is_read is not true and p.sender <> p.recipient and not p.is_gone
      union all
      select lm.message_id, mg.user_id from (${oldGroup(tx, run)}) g
      join message_group_member mg on mg.group_id = g.group_id and mg.user_id is distinct from g.sender_id
      join legacy_messages lm on lm.source = 'group' and lm.legacy_id = g.id and lm.part = 1
      where g.is_deleted is not true and g.created_at > coalesce(mg.last_read_at, '-infinity')
    ), was as (
      select m.conversation_id, old.user_id, count(*) as n from old
      join messages m on m.id = old.message_id group by 1, 2
    ), is_now as (
      select cm.conversation_id, cm.user_id, count(*) as n from ${moved(tx)}
      join messages m on m.id = lm.message_id
      join conversation_members cm on cm.conversation_id = m.conversation_id
      where m.id > coalesce(cm.last_read_message_id, 0) and m.sender_id <> cm.user_id and not m.is_deleted
      group by 1, 2
    )
    select coalesce(sum(was.n), 0)::bigint as was, coalesce(sum(is_now.n), 0)::bigint as is_now,
      count(*) filter (where coalesce(is_now.n, 0) < was.n) as fewer
    from was
    join conversation_members cm on cm.conversation_id = was.conversation_id and cm.user_id = was.user_id
    left join is_now on is_now.conversation_id = was.conversation_id and is_now.user_id = was.user_id`
  return {
    name: 'unread messages of members (never fewer)',
    before: row.was,
    after: row.is_now,
    holds: row.fewer === 0,
  }
}
