import type postgres from 'postgres'
import type { Connection } from './client.ts'

/**
 * Names what the database holds: another database, a copy of it and a restored backup each have another name. What
 * the service keeps elsewhere, such as in a Redis, is kept under it, so that ids mean there what they mean here.
 */
export async function currentHistory(db: Connection): Promise<string> {
  const [row] = await db<[{ history: string }]>`select current_history() as history`
  return row.history
}

const changing = ['messages', 'conversations', 'conversation_members', 'conversation_departures']

/**
 * Makes the rows of a restored backup rows of this server: numbers of transactions that are still to come here would
 * count as changed at every look. What was restored is old: whoever was connected before loads afresh.
 */
export async function adoptHistory(client: postgres.Sql): Promise<void> {
  const [row] = await client<[{ current: string; known: string | null }]>`
    select current_history() as current, (select value from installation where name = 'history') as known`
  if (row.current === row.known) return
  await client.begin(async (tx) => {
    for (const table of changing)
      await tx`update ${tx(table)} set xid = '0' where xid >= pg_snapshot_xmax(pg_current_snapshot())`
    await tx`
      insert into installation (name, value) values ('history', ${row.current})
      on conflict (name) do update set value = excluded.value`
  })
}
