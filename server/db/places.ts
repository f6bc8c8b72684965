import { join } from 'node:path'

/** The SQL of the data model. */
export const migrationsFolder = join(import.meta.dirname, '../../drizzle')
/** Where graphile-worker keeps the jobs; not in its usual schema, which may be a portal's own. */
export const jobsSchema = 'rozmowa_jobs'
