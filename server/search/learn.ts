import { sql } from '../db/client.ts'
import { locks } from '../db/locks.ts'

/** Messages at a time: what deletes or edits one meanwhile waits for so many. */
const batch = 500

/**
 * Adds the words of messages that were written or changed since the last time to the vocabulary: up to the oldest
 * transaction that is still under way. Rows of a restored backup bear numbers of another server: then all are read again.
 */
export async function learnWords(): Promise<void> {
  const [{ from, until }] = await sql<[{ from: string; until: string }]>`
    select case when place <= until then place else '0'::xid8 end as from, until
    from (
      select pg_snapshot_xmin(pg_current_snapshot()) as until,
        coalesce((select value::xid8 from installation where name = 'vocabulary'), '0'::xid8) as place
    ) known`
  await sql.begin(async (tx) => {
    // The first time, all messages there are.
    await tx`set local statement_timeout = 0`
    const changed = tx<{ id: number }[]>`select id from messages where xid >= ${from} and xid < ${until}`
    for await (const rows of changed.cursor(batch)) await learn(rows.map(({ id }) => id))
  })
  await sql`
    insert into installation (name, value) values ('vocabulary', ${until})
    on conflict (name) do update set value = excluded.value`
}

/** Under a lock, so that no word is learned of what is deleted at the same moment; see forget_words() in drizzle/. */
const learn = (ids: number[]) =>
  sql.begin(async (tx) => {
    // On the disk before the place is, which is written last.
    await tx`set local synchronous_commit = off`
    await tx`select pg_advisory_xact_lock(${locks.vocabulary})`
    await tx`
      insert into message_vocabulary (word)
      select distinct word from (
        select unnest(tsvector_to_array(text_words(m.content_text))) from messages m
        where m.id = any(${ids}) and m.kind = 'user' and not m.is_deleted
        union all
        select unnest(tsvector_to_array(text_words(a.filename))) from message_attachments a
        where a.new_message_id = any(${ids})
      ) found (word)
      where length(word) between 4 and 32
      order by word
      on conflict do nothing`
  })
