import type postgres from 'postgres'
import type { Connection } from './client.ts'

/**
 * The name of the database's history: another database, a copy and a restored backup have different ones. What is kept
 * elsewhere, such as in Redis, is kept under this name, so that ids there mean the same as here.
 */
export async function currentHistory(db: Connection): Promise<string> {
  const [row] = await db<[{ history: string }]>`select current_history() as history`
  return row.history
}

const changing = ['messages', 'conversations', 'conversation_members', 'conversation_departures']

/**
 * Adopts the rows of a restored backup: transaction ids still in this server's future would count as changed at every
 * poll. Readers that were connected before load afresh.
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
