import { tidy, tidyLines } from '../../views/people/names.ts'
import type { Transaction } from './connection.ts'
import type { Report } from './report.ts'
import { moment, sane } from './times.ts'

/** Creates the groups not moved yet, and adds members who joined since. */
export async function makeGroups(tx: Transaction, report: Report): Promise<void> {
  await tx`
    select from conversations where id in (select conversation_id from legacy_conversations where group_id is not null)
    order by id for no key update`
  await chooseOwners(tx)
  await noteOddGroups(tx, report)
  const { count } = await tx`
    insert into conversations (id, is_group, name, description, owner_id, created_at, updated_at)
    select n.conversation_id, true, case when ${hasName(tx)} then g.name else 'Grupa ' || g.id end, g.description, n.owner_id,
      n.made_at, greatest(n.made_at, ${sane(tx, moment(tx, 'updated_at'))})
    from legacy_new_groups n join message_group g on g.id = n.group_id`
  await tx`
    insert into legacy_conversations (conversation_id, group_id, seq) select conversation_id, group_id, 0
    from legacy_new_groups`
  await tidyNames(tx)
  report.count('groups_made', count)
  await addMembers(tx, report)
}

const hasName = (tx: Transaction) => tx`coalesce(fold_text(g.name), '') <> ''`

/** As the service itself would have stored them. */
async function tidyNames(tx: Transaction): Promise<void> {
  const groups = await tx<{ id: number; name: string; description: string | null }[]>`
    select id, name, description from conversations where id in (select conversation_id from legacy_new_groups)`
  for (const { id, name, description } of groups) {
    const read = { name: tidy(name), description: tidyLines(description ?? '') || null }
    if (read.name !== name || read.description !== description)
      await tx`update conversations set name = ${read.name}, description = ${read.description} where id = ${id}`
  }
}

/** The named owner, if a member; else a member with the role; else the longest-standing member. */
async function chooseOwners(tx: Transaction): Promise<void> {
  await tx`
    create temp table legacy_new_groups on commit drop as
    select nextval(pg_get_serial_sequence('conversations', 'id')) as conversation_id, new.* from (
      select g.id as group_id, owner.user_id as owner_id, owner.user_id is distinct from g.owner_id as is_heir,
        ${sane(tx, tx`coalesce(g.created_at at time zone 'UTC', now())`)} as made_at
      from message_group g
      left join lateral (
        select m.user_id from message_group_member m where m.group_id = g.id
        order by (m.user_id = g.owner_id) is true desc, (m.role = 'owner') is true desc, m.joined_at, m.user_id
        limit 1) owner on true
      where not exists (select from legacy_conversations lc where lc.group_id = g.id)
      order by made_at, g.id
    ) new`
}

async function noteOddGroups(tx: Transaction, report: Report): Promise<void> {
  const rows = await tx<{ id: number; owner_id: number | null; is_heir: boolean; has_name: boolean }[]>`
    select n.group_id as id, n.owner_id, n.is_heir, ${hasName(tx)} as has_name
    from legacy_new_groups n join message_group g on g.id = n.group_id order by n.group_id`
  const note = (id: number, reason: string) => report.notes.push({ table: 'message_group', id, reason })
  for (const { id, owner_id, is_heir, has_name } of rows) {
    if (!has_name) note(id, `has no name: called "Grupa ${id}"`)
    if (owner_id === null) note(id, 'has no members')
    else if (is_heir) note(id, `had no owner among its members: given to user ${owner_id}`)
  }
}

/** Someone who was moved before and is no member now has left here, and is not added again. */
async function addMembers(tx: Transaction, report: Report): Promise<void> {
  const [added] = await tx<[{ count: number }]>`
    with added as (
      insert into conversation_members (conversation_id, user_id, role, is_muted, joined_at, added_by_id, last_read_at,
        last_read_message_id)
      select c.id, m.user_id, case when m.user_id = n.owner_id then 'owner' else 'member' end, m.is_muted is true,
        ${sane(tx, tx`coalesce(m.joined_at at time zone 'UTC', c.created_at)`)}, m.added_by_id,
        ${sane(tx, tx`m.last_read_at at time zone 'UTC'`)},
        -- Of what was moved before they were. Times here are rounded: a millisecond less, and nothing unread is read.
        (select max(old.id) from messages old where old.conversation_id = c.id
          and old.created_at <= m.last_read_at at time zone 'UTC' - interval '1 millisecond')
      from message_group_member m
      join legacy_conversations lc on lc.group_id = m.group_id
      join conversations c on c.id = lc.conversation_id
      left join legacy_new_groups n on n.group_id = m.group_id
      where not exists (
          select from legacy_members lm where lm.conversation_id = c.id and lm.user_id = m.user_id)
        and not exists (
          select from conversation_members cm where cm.conversation_id = c.id and cm.user_id = m.user_id)
      returning conversation_id, user_id
    ), noted as (
      insert into legacy_members (conversation_id, user_id) select conversation_id, user_id from added
    ), changed as (
      update conversations c set seq = c.seq + 1, xid = pg_current_xact_id()
      from (select distinct conversation_id from added) a
      where c.id = a.conversation_id
        and not exists (select from legacy_new_groups n where n.conversation_id = c.id)
      returning c.id
    ), expected as (
      update legacy_conversations lc set seq = lc.seq + 1 from changed where lc.conversation_id = changed.id
    ) select count(*) from added`
  report.count('members', added.count)
}
