import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { ISql, TransactionSql } from 'postgres'
import { migrationsFolder } from '../db/places.ts'
import type { Manifest } from './archive.ts'
import { migrationsTable } from './tables.ts'

type Migration = Manifest['migration']

/** All that this program knows, oldest first. */
export async function knownMigrations(): Promise<Migration[]> {
  const journal = await readFile(join(migrationsFolder, 'meta/_journal.json'), 'utf8')
  return (JSON.parse(journal) as { entries: Migration[] }).entries
}

/** The last one that the database has had. @throws Error when this program does not know it */
export async function lastMigration(sql: ISql): Promise<Migration> {
  const [row] = await sql.unsafe<[{ when: string | null }]>(
    `select max(created_at)::text as when from public.${migrationsTable}`,
  )
  const last = (await knownMigrations()).find(({ when }) => when === Number(row.when))
  if (!last) throw new Error('the database is of a newer version of Rozmowa than this program')
  return last
}

/** Makes the tables anew as they were after an older migration; our own must be all there are. */
export async function makeTablesAsOf(tx: TransactionSql, { when }: Migration): Promise<void> {
  for (const { drop } of await tx<{ drop: string }[]>`
    select format('drop table public.%I cascade', relname) as drop from pg_class
      where relnamespace = 'public'::regnamespace and relkind = 'r'
    union all
    select format('drop function if exists %s cascade', oid::regprocedure) from pg_proc p
      where pronamespace = 'public'::regnamespace
        and not exists (select from pg_depend where objid = p.oid and deptype = 'e')`)
    await tx.unsafe(drop)
  await tx.unsafe(
    `create table public.${migrationsTable} (id serial primary key, hash text not null, created_at bigint)`,
  )
  for (const migration of await knownMigrations()) if (migration.when <= when) await apply(tx, migration)
}

/** As drizzle does it, which makes a transaction of its own. */
async function apply(tx: TransactionSql, { when, tag }: Migration): Promise<void> {
  const file = await readFile(join(migrationsFolder, `${tag}.sql`), 'utf8')
  for (const statement of file.split('--> statement-breakpoint')) await tx.unsafe(statement)
  const hash = createHash('sha256').update(file).digest('hex')
  await tx.unsafe(`insert into public.${migrationsTable} (hash, created_at) values ($1, $2)`, [hash, when])
}
