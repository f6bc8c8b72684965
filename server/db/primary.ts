import { serversOf } from '../settings/database-url.ts'
import { openPostgres } from './address.ts'
import { reach } from './reach.ts'

/** How long a server may take to say what it is: ms. */
const maxAnswerMs = 2000

/** The newest timeline seen of each system: a primary that comes back from an older one must not be written to. */
const newest = new Map<string, number>()

interface Standing {
  url: string
  system: string
  timeline: number
}

/**
 * Of the servers that a URL names, the one to use: the primary, and where two take themselves for it, the one that was
 * promoted last.
 * @param isPooled whether they are poolers
 * @returns a URL that names this one alone
 * @throws Error when none of them is a primary
 */
export async function primaryOf(url: string, isPooled = false): Promise<string> {
  const servers = serversOf(url)
  if (servers.length === 1) return url
  const answers = await Promise.allSettled(servers.map((server) => ask(server, isPooled)))
  const primaries = answers.flatMap((answer) => (answer.status === 'fulfilled' ? answer.value : []))
  for (const { system, timeline } of primaries)
    newest.set(system, Math.max(timeline, newest.get(system) ?? 0))
  const [best] = primaries
    .filter(({ system, timeline }) => timeline === newest.get(system))
    .sort((a, b) => b.timeline - a.timeline)
  if (best) return best.url
  throw (
    answers.find((answer) => answer.status === 'rejected')?.reason ?? new Error('none of them takes writes')
  )
}

const question = `
  select system_identifier::text as system,
    ('x' || left(pg_walfile_name(pg_current_wal_lsn()), 8))::bit(32)::int as timeline
  from pg_control_system() where not pg_is_in_recovery()`

/** @returns nothing when it is a standby */
async function ask(url: string, isPooled: boolean): Promise<Standing[]> {
  const options = { max: 1, connect_timeout: maxAnswerMs / 1000, onnotice: () => {}, fetch_types: false }
  const sql = openPostgres(url, { ...options, connection: { application_name: 'rozmowa-probe' } }, isPooled)
  try {
    const rows = (await reach(sql, maxAnswerMs, question)) as Omit<Standing, 'url'>[]
    return rows.map((row) => ({ ...row, url }))
  } finally {
    // Not awaited: it may wait for a server that dies just now.
    sql.end({ timeout: 0 }).catch(() => {})
  }
}
