import { join } from 'node:path'
import { readMigrationFiles } from 'drizzle-orm/migrator'
import { applyMissing } from '../db/migrations.ts'
import { Stop } from '../terminal/stop.ts'
import type { Sql, Transaction } from './connection.ts'

const tables = ['users', 'private_messages', 'message_group', 'message_group_member', 'group_message']
const folder = join(import.meta.dirname, '../../drizzle')

/** @throws Stop when there is no old inbox here, or its users cannot be ours */
export async function mustBePortal(sql: Sql): Promise<void> {
  const missing = await sql<{ name: string }[]>`
    select name from unnest(${tables}::text[]) name where to_regclass(name) is null`
  if (missing.length > 0)
    throw new Stop(
      [
        `This database has no old inbox: there is no table ${missing.map(({ name }) => name).join(', ')}.`,
        "DATABASE_URL must name the portal's own database.",
      ],
      2,
    )
  await mustHaveDistinctEmails(sql)
}

/** Sign-in ignores case here, which the portal's did not. */
async function mustHaveDistinctEmails(sql: Sql): Promise<void> {
  const twins = await sql<{ users: string }[]>`
    select string_agg(format('%s (user %s)', email, id), ', ' order by id) as users
    from users group by lower(email) having count(*) > 1 order by min(id)`
  if (twins.length === 0) return
  throw new Stop([
    'The e-mail addresses of these users differ only in case; change or merge them first:',
    ...twins.map(({ users }) => `  ${users}`),
  ])
}

/** Brings the tables of the service up to date. @throws Stop when that fails */
export async function bringUpToDate(url: string): Promise<void> {
  await applyMissing(url).catch((error: Error) => {
    throw new Stop(['The tables of the service cannot be created:', ...error.message.split('\n')])
  })
}

/**
 * The same inside a transaction that is rolled back: a dry run leaves not even empty tables. When there is something to
 * migrate, the portal's members and attachments are locked meanwhile.
 */
export async function bringUpToDateFor(tx: Transaction): Promise<void> {
  const [found] = await tx`select to_regclass('public.__drizzle_migrations') as name`
  const [last] = found!.name
    ? await tx<{ at: number | null }[]>`select max(created_at) as at from public.__drizzle_migrations`
    : [undefined]
  for (const { folderMillis, sql } of readMigrationFiles({ migrationsFolder: folder }))
    if (folderMillis > (last?.at ?? 0)) for (const statement of sql) await tx.unsafe(statement)
}
