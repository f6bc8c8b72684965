import { join } from 'node:path'
import { drizzle } from 'drizzle-orm/postgres-js'
import { migrate as applyMigrations } from 'drizzle-orm/postgres-js/migrator'
import { Logger, runMigrations } from 'graphile-worker'
import postgres from 'postgres'
import { adoptHistory } from './history.ts'

const folder = join(import.meta.dirname, '../../drizzle')
/** Where graphile-worker keeps the jobs; not in its usual schema, which may be a portal's own. */
export const jobsSchema = 'rozmowa_jobs'
/** Any number will do, as long as every process of the service asks for the same. */
const lock = 0x526f7a6d

/**
 * Applies the SQL of `drizzle/` that the database has not had yet, all of it or nothing, makes the tables of the jobs,
 * and adopts what was restored from a backup. Many processes may call this at once: they wait for each other, and those who come later find nothing to do.
 */
export async function migrate(url: string): Promise<void> {
  const client = postgres(url, { max: 1, onnotice: () => {}, connection: { TimeZone: 'UTC' } })
  try {
    await client`select pg_advisory_lock(${lock})`
    await runMigrations({ connectionString: url, schema: jobsSchema, maxPoolSize: 1, logger: quiet })
    await applyMigrations(drizzle(client), { migrationsFolder: folder, migrationsSchema: 'public' })
    await adoptHistory(client)
  } finally {
    await client.end()
  }
}

const quiet = new Logger(() => () => {})
