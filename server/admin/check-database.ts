import { readFile } from 'node:fs/promises'
import { config } from '../config.ts'
import { differingSettings, sql } from '../db/client.ts'
import { findFaults } from '../db/fitness.ts'
import { checkFiles } from './check-files.ts'
import { connect } from './connect.ts'
import { attempt, type Finding, fail, ok, warn } from './finding.ts'

const journal = new URL('../../drizzle/meta/_journal.json', import.meta.url)

/** PostgreSQL, its jobs, and whether the files in DATA_DIR belong to it. */
export const checkDatabase = (): Promise<Finding[]> =>
  attempt('database', 'start PostgreSQL, or correct DATABASE_URL', async () => {
    const close = await connect()
    try {
      const faults = await findFaults(sql, config.registration === 'open')
      return [
        ...(await checkServer()),
        ...(await checkSettings()),
        ...faults.map((says) => fail('database', says, 'fix this; until then the service does not start')),
        ...(await checkMigrations()),
        ...(await checkJobs()),
        ...(await checkFiles()),
      ]
    } finally {
      await close()
    }
  })

async function checkServer(): Promise<Finding[]> {
  const [row] = await sql<{ version: string; maxConnections: number; used: number }[]>`
    select current_setting('server_version') as version, current_setting('max_connections')::int as "maxConnections",
      (select count(*) from pg_stat_activity where backend_type = 'client backend')::int as used`
  const { version, maxConnections, used } = row!
  const wanted = config.workers * 20 + 25
  return [
    ok(
      'database',
      `PostgreSQL ${version}, ${used} of ${maxConnections} connections used; needs no extensions`,
    ),
    ...(maxConnections >= wanted
      ? []
      : [
          warn(
            'database',
            `allows ${maxConnections} connections; ${config.workers} workers may ask for ${wanted}`,
            'raise max_connections, or lower WORKERS',
          ),
        ]),
  ]
}

/** A pooler has to be given them in its own configuration. */
async function checkSettings(): Promise<Finding[]> {
  const differing = await differingSettings()
  if (differing.length === 0) return []
  const advice = 'set them in the connect_query of the pooler, see docs/redundancy.md'
  return [warn('database', `its sessions have other settings: ${differing.join('; ')}`, advice)]
}

async function checkMigrations(): Promise<Finding[]> {
  const { entries } = JSON.parse(await readFile(journal, 'utf8')) as {
    entries: { when: number; tag: string }[]
  }
  const [known] = await sql`select to_regclass('public.__drizzle_migrations') as name`
  if (!known!.name)
    return [fail('migrations', 'the tables do not exist', 'start the service once to create them')]
  const rows = await sql<{ at: number }[]>`select created_at as at from public.__drizzle_migrations`
  const had = new Set(rows.map(({ at }) => at))
  const missing = entries.filter(({ when }) => !had.has(when)).map(({ tag }) => tag)
  if (missing.length > 0)
    return [fail('migrations', `missing: ${missing.join(', ')}`, 'restart the service to apply them')]
  if (had.size > entries.length)
    return [warn('migrations', 'the database is newer than this program', 'update this program')]
  return [ok('migrations', `all ${entries.length} applied`)]
}

async function checkJobs(): Promise<Finding[]> {
  const [there] = await sql`select to_regclass('rozmowa_jobs._private_jobs') as name`
  if (!there!.name)
    return [fail('jobs', 'their tables do not exist', 'start the service once to create them')]
  const [row] = await sql<{ waiting: number; late: number; failed: number }[]>`
    select count(*) filter (where attempts < max_attempts)::int as waiting,
      count(*) filter (where attempts < max_attempts and locked_at is null
        and run_at < now() - interval '5 minutes')::int as late,
      count(*) filter (where attempts >= max_attempts and (key is not null or job_queue_id is null))::int as failed
    from rozmowa_jobs._private_jobs`
  const { waiting, late, failed } = row!
  return [
    late > 0
      ? fail(
          'jobs',
          `${late} are more than 5 minutes late`,
          'make sure that the service is running, and check its log',
        )
      : ok('jobs', `${waiting} waiting`),
    ...(failed > 0 ? [warn('jobs', `${failed} were given up`, 'see “admin jobs” and its --retry')] : []),
  ]
}
