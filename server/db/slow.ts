import { setTimeout as sleep } from 'node:timers/promises'
import { config } from '../config.ts'
import { log } from '../log.ts'
import { slowQueries } from '../metrics/measures.ts'
import { openPostgres } from './address.ts'
import type { Cause, Running } from './running.ts'

export const { slowMs } = config

const maxStatement = 1000
const maxLookMs = 1000
let isAsking = false

interface Activity {
  pid: number
  type: string | null
  event: string | null
  blockers: number[]
}

/** Finds out what statements wait for that take long: another transaction, the disk, or nothing but the database itself. */
export async function findCauses(sent: Running[], url: string): Promise<void> {
  // One at a time: a server that is frozen would be sent ever more.
  if (isAsking) return
  isAsking = true
  const pids = sent.map(({ query }) => query.state?.pid ?? 0)
  const found = await activitiesOf(pids, url).finally(() => {
    isAsking = false
  })
  for (const asked of sent) {
    const activity = found.find(({ pid }) => pid === asked.query.state?.pid)
    asked.cause = causeOf(activity)
    if (activity?.event) asked.event = activity.event
    if (activity?.blockers[0]) asked.blockedBy = activity.blockers[0]
  }
}

function causeOf(activity: Activity | undefined): Cause {
  if (activity?.type === 'Lock' || activity?.blockers.length) return 'lock'
  return activity?.type === 'IO' ? 'disk' : 'database'
}

/** On a connection of its own, which is there for a moment: those of the pool are what is in question. */
async function activitiesOf(pids: number[], url: string): Promise<Activity[]> {
  let sql: ReturnType<typeof openPostgres> | undefined
  try {
    // Its certificates are read, which may fail just now.
    sql = openPostgres(url, {
      max: 1,
      connect_timeout: maxLookMs / 1000,
      onnotice: () => {},
      fetch_types: false,
      connection: { application_name: 'rozmowa-probe', statement_timeout: maxLookMs },
    })
    const asked = sql<Activity[]>`
      select pid, wait_event_type as type, wait_event as event, to_json(pg_blocking_pids(pid)) as blockers
      from pg_stat_activity where pid in ${sql(pids)}`
    return await Promise.race([asked, sleep(maxLookMs, [])])
  } catch {
    return []
  } finally {
    await sql?.end({ timeout: 0 })
  }
}

/** The text of a statement, as far as it says which one it is. Values are sent apart, and never logged. */
export const shortened = (text: string): string => text.replace(/\s+/g, ' ').trim().slice(0, maxStatement)

export function logSlow({ query, context, cause = 'process', event, blockedBy }: Running, ms: number): void {
  slowQueries[cause].value++
  const { requestId, userId } = context ?? {}
  const statement = shortened(query.string ?? '')
  log.warn({ requestId, userId, ms: Math.round(ms), cause, event, blockedBy, statement }, 'slow query')
}
