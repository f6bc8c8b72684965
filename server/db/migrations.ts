import { createRequire } from 'node:module'
import { migrate as applyMigrations } from 'drizzle-orm/postgres-js/migrator'
import { Logger, runMigrations } from 'graphile-worker'
import type postgres from 'postgres'
import { openPostgres } from './address.ts'
import { explainDatabase, Unsuitable } from './explain.ts'
import { findFaults } from './fitness.ts'
import { adoptHistory } from './history.ts'
import { locks } from './locks.ts'
import { jobsSchema, migrationsFolder } from './places.ts'
import { openPool } from './pool.ts'
import { primaryOf } from './primary.ts'
import { reach } from './reach.ts'

// As CommonJS: its two hundred modules take Node half a second to link as ES modules, at every start of the service.
const { drizzle } = createRequire(import.meta.url)(
  'drizzle-orm/postgres-js',
) as typeof import('drizzle-orm/postgres-js')

/**
 * Applies the SQL of `drizzle/` that the database has not had yet, all of it or nothing, makes the tables of the jobs,
 * and adopts what was restored from a backup. Many processes may call this at once: they wait for each other, and those
 * who come later find nothing to do.
 * @param mayRegister whether users are made by Rozmowa, and not by the portal alone
 * @throws Error with a line for each reason why it cannot be done; then nothing is changed
 */
export async function applyMissing(address: string, mayRegister = false): Promise<void> {
  let client: postgres.Sql | undefined
  try {
    const url = await primaryOf(address)
    client = openPostgres(url, {
      max: 1,
      connect_timeout: 5,
      onnotice: () => {},
      connection: { TimeZone: 'UTC' },
    })
    await reach(client)
    await client`select pg_advisory_lock(${locks.migration})`
    const faults = await findFaults(client, mayRegister)
    if (faults.length > 0) throw new Unsuitable(faults)
    await makeJobs(url)
    await applyMigrations(drizzle(client), { migrationsFolder, migrationsSchema: 'public' })
    await adoptHistory(client)
  } catch (error) {
    throw explainDatabase(address, error)
  } finally {
    await client?.end({ timeout: 1 })
  }
}

async function makeJobs(url: string): Promise<void> {
  const pool = await openPool(url, 1)
  try {
    await runMigrations({ pgPool: pool, schema: jobsSchema, logger: quiet })
  } finally {
    await pool.end()
  }
}

const quiet = new Logger(() => () => {})
