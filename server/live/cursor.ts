import { createHash } from 'node:crypto'
import { sql } from '../db/client.ts'

/**
 * The id of a stream's events: `epoch-xmin`. Every transaction below `xmin` had ended when the stream began, so
 * `xid >= xmin` finds what a reader with this cursor may not have seen; ids of rows would not do, for rows are
 * not committed in the order of their ids.
 *
 * The epoch names the history itself: another cluster, a restored backup or another database is another epoch.
 */
export async function currentCursor(): Promise<string> {
  const [row] = await sql<{ epoch: string; xmin: string }[]>`
    select concat_ws(':', s.system_identifier, c.timeline_id, d.oid) as epoch,
           pg_snapshot_xmin(pg_current_snapshot())::text as xmin
    from pg_control_system() s, pg_control_checkpoint() c, pg_database d
    where d.datname = current_database()`
  const epoch = createHash('sha256').update(row!.epoch).digest('hex').slice(0, 8)
  return `${epoch}-${row!.xmin}`
}
