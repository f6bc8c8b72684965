import type { Transaction } from './connection.ts'
import type { Report } from './report.ts'

/**
 * Makes the 1:1 conversations of the inbox that are not there yet, each opened by who wrote first, and takes down
 * how those looked that are.
 */
export async function openPairs(tx: Transaction, report: Report): Promise<void> {
  // Nothing is said here from now on until the end; and what was said last is known.
  await tx`
    select from conversations where direct_key in (select pair from legacy_inbox) order by id for no key update`
  await keepHowTheyWere(tx)
  const [made] = await tx<[{ count: number }]>`
    with first as (
      select distinct on (pair) pair, sender_id, sent_at, ordered_at, legacy_id from legacy_inbox
      where source = 'private' order by pair, ordered_at, legacy_id
    ), made as (
      insert into conversations (is_group, direct_key, owner_id, created_at, updated_at)
      select false, pair, sender_id, sent_at, sent_at from first
      where not exists (select from conversations c where c.direct_key = first.pair)
      order by ordered_at, legacy_id
      -- By whom of the two it is made at this moment: then it fails, and all begins once more.
      on conflict (direct_key) do nothing
      returning id, direct_key, owner_id, created_at
    ), members as (
      insert into conversation_members (conversation_id, user_id, role, joined_at, added_by_id)
      select id, user_id, case when user_id = owner_id then 'owner' else 'member' end, created_at, owner_id
      from made cross join lateral (
        select distinct unnest(string_to_array(direct_key, ':')::bigint[]) as user_id) ends
    ), noted as (
      insert into legacy_conversations (conversation_id, seq) select id, 0 from made
    ) select count(*) from made`
  report.count('conversations_made', made.count)
}

async function keepHowTheyWere(tx: Transaction): Promise<void> {
  const pairs = tx`c.direct_key in (select pair from legacy_inbox)`
  await tx`
    insert into legacy_conversations (conversation_id, seq, before)
    select id, seq, jsonb_build_object('last_message_id', last_message_id, 'updated_at', updated_at)
    from conversations c where ${pairs}
    on conflict do nothing`
  await tx`
    insert into legacy_members (conversation_id, user_id, before)
    select cm.conversation_id, cm.user_id, to_jsonb(cm)
    from legacy_conversations lc
    join conversations c on c.id = lc.conversation_id and ${pairs}
    join conversation_members cm on cm.conversation_id = c.id
    where lc.before is not null
    on conflict do nothing`
}
