import { readFile } from 'node:fs/promises'
import { config } from '../config.ts'
import { sql } from '../db/client.ts'
import { findFaults } from '../db/fitness.ts'
import { checkFiles } from './check-files.ts'
import { connect } from './connect.ts'
import { attempt, type Finding, fail, ok, warn } from './finding.ts'

const journal = new URL('../../drizzle/meta/_journal.json', import.meta.url)

/** PostgreSQL, the jobs in it, and whether the files in DATA_DIR are its own. */
export const checkDatabase = (): Promise<Finding[]> =>
  attempt('database', 'start PostgreSQL, or correct DATABASE_URL', async () => {
    const close = await connect()
    try {
      const faults = await findFaults(sql, config.registration === 'open')
      return [
        ...(await checkServer()),
        ...faults.map((says) => fail('database', says, 'do so; until then the service does not start')),
        ...(await checkMigrations()),
        ...(await checkJobs()),
        ...(await checkFiles()),
      ]
    } finally {
      await close()
    }
  })

async function checkServer(): Promise<Finding[]> {
  const [row] = await sql<{ version: string; most: number; used: number }[]>`
    select current_setting('server_version') as version, current_setting('max_connections')::int as most,
      (select count(*) from pg_stat_activity where backend_type = 'client backend')::int as used`
  const { version, most, used } = row!
  const wanted = config.workers * 20 + 25
  return [
    ok('database', `PostgreSQL ${version}, ${used} of ${most} connections used; needs no extensions`),
    ...(most >= wanted
      ? []
      : [
          warn(
            'database',
            `allows ${most} connections; ${config.workers} workers may ask for ${wanted}`,
            'raise max_connections, or lower WORKERS',
          ),
        ]),
  ]
}

async function checkMigrations(): Promise<Finding[]> {
  const { entries } = JSON.parse(await readFile(journal, 'utf8')) as {
    entries: { when: number; tag: string }[]
  }
  const [known] = await sql`select to_regclass('public.__drizzle_migrations') as name`
  if (!known!.name)
    return [fail('migrations', 'the tables are not made', 'start the service once: it makes them')]
  const rows = await sql<{ at: number }[]>`select created_at as at from public.__drizzle_migrations`
  const had = new Set(rows.map(({ at }) => at))
  const missing = entries.filter(({ when }) => !had.has(when)).map(({ tag }) => tag)
  if (missing.length > 0)
    return [
      fail('migrations', `missing: ${missing.join(', ')}`, 'restart the service: it brings them up to date'),
    ]
  if (had.size > entries.length)
    return [warn('migrations', 'the database is newer than this program', 'update the program')]
  return [ok('migrations', `all ${entries.length} applied`)]
}

async function checkJobs(): Promise<Finding[]> {
  const [there] = await sql`select to_regclass('rozmowa_jobs._private_jobs') as name`
  if (!there!.name)
    return [fail('jobs', 'their tables are not made', 'start the service once: it makes them')]
  const [row] = await sql<{ waiting: number; late: number; failed: number }[]>`
    select count(*) filter (where attempts < max_attempts)::int as waiting,
      count(*) filter (where attempts < max_attempts and locked_at is null
        and run_at < now() - interval '5 minutes')::int as late,
      count(*) filter (where attempts >= max_attempts and (key is not null or job_queue_id is null))::int as failed
    from rozmowa_jobs._private_jobs`
  const { waiting, late, failed } = row!
  return [
    late > 0
      ? fail('jobs', `${late} should have been done 5 minutes ago`, 'see that the service runs, and its log')
      : ok('jobs', `${waiting} wait for their time`),
    ...(failed > 0 ? [warn('jobs', `${failed} were given up`, 'see “admin jobs”, and its --retry')] : []),
  ]
}
