import { readMigrationFiles } from 'drizzle-orm/migrator'
import type { Sql } from 'postgres'
import { jobsSchema, migrationsFolder } from './places.ts'
import { findUsersFaults } from './users-fitness.ts'

/**
 * Why a database cannot be used, with a line for each reason that says what to do; empty when it can be migrated. Checked
 * before anything is changed, at every start and by the doctor.
 * @param mayRegister whether Rozmowa creates users, not only the portal
 */
export async function findFaults(sql: Sql, mayRegister: boolean): Promise<string[]> {
  const server = await findServerFaults(sql)
  if (server.length > 0) return server
  const last = await lastMigration(sql)
  return [
    ...(await findForeignMigrations(sql, last)),
    ...(await findForeignTables(sql, last)),
    ...(await findMissingRights(sql)),
    ...(await findUsersFaults(sql, last === 0, mayRegister)),
  ]
}

async function findServerFaults(sql: Sql): Promise<string[]> {
  const [row] = await sql<
    [{ number: number; version: string; encoding: string; standby: boolean; readonly: boolean }]
  >`
    select current_setting('server_version_num')::int as number, current_setting('server_version') as version,
      current_setting('server_encoding') as encoding, pg_is_in_recovery() as standby,
      current_setting('transaction_read_only')::bool as readonly`
  return [
    ...(row.number < 150_000 ? [`PostgreSQL ${row.version} is too old: upgrade to 15 or later`] : []),
    ...(row.encoding === 'UTF8' ? [] : [`its encoding is ${row.encoding}: make a database with UTF8`]),
    ...(row.standby ? ['the server is a standby, which takes no writes: name its primary'] : []),
    ...(!row.standby && row.readonly ? ['the database is read-only: let it be written to'] : []),
  ]
}

const migrations = () => readMigrationFiles({ migrationsFolder })

/** The time of the last migration applied; 0 for none. */
async function lastMigration(sql: Sql): Promise<number> {
  const [known] = await sql`select to_regclass('public.__drizzle_migrations') as name`
  if (!known!.name) return 0
  const [row] = await sql<
    [{ at: string | null }]
  >`select max(created_at) as at from public.__drizzle_migrations`
  return Number(row.at ?? 0)
}

async function findForeignMigrations(sql: Sql, last: number): Promise<string[]> {
  if (last === 0) return []
  const ours = migrations().map(({ folderMillis }) => folderMillis)
  const found =
    await sql`select from public.__drizzle_migrations where created_at = any(${`{${ours}}`}::text::bigint[]) limit 1`
  if (found.length === 0)
    return ['public.__drizzle_migrations belongs to another program: give Rozmowa a database of its own']
  return last > Math.max(...ours)
    ? ['it was used by a newer version of Rozmowa: start that one, or restore a backup of before']
    : []
}

/** Existing tables that a pending migration would create. */
async function findForeignTables(sql: Sql, last: number): Promise<string[]> {
  const wanted = migrations()
    .filter(({ folderMillis }) => folderMillis > last)
    .flatMap((migration) => [...migration.sql.join('\n').matchAll(/^create table (\w+)/gm)])
    .map(([, name]) => name!)
    .filter((name) => name !== 'if')
  const found = await sql<{ name: string }[]>`
    select name from unnest(${`{${wanted}}`}::text::text[]) name where to_regclass(name) is not null`
  return found.map(
    ({ name }) =>
      `there is a table ${name} already, which is not Rozmowa's: rename it, or give Rozmowa a database of its own`,
  )
}

async function findMissingRights(sql: Sql): Promise<string[]> {
  const [row] = await sql<[{ role: string; name: string; tables: boolean; schemas: boolean }]>`
    select current_user as role, current_database() as name,
      has_schema_privilege('public', 'create') as tables,
      has_database_privilege(current_database(), 'create') or to_regnamespace(${jobsSchema}) is not null as schemas`
  return [
    ...(row.tables ? [] : [`${row.role} may make no tables: grant create on schema public to ${row.role}`]),
    ...(row.schemas
      ? []
      : [`${row.role} may make no schema: grant create on database ${row.name} to ${row.role}`]),
  ]
}
