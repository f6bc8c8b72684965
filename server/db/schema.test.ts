import { join } from 'node:path'
import { getTableConfig } from 'drizzle-orm/pg-core'
import postgres from 'postgres'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { freshDatabase } from '../testing/postgres.ts'
import { dumpSchema } from '../testing/schema.ts'
import { tables } from './schema.ts'

const file = join(import.meta.dirname, '../../drizzle/schema.sql')
const head = `-- What the migrations add up to; why it is so is said in them. Made by a test, and never run:
-- npx vitest run server/db/schema.test.ts --update

`

let sql: postgres.Sql
beforeAll(async () => {
  sql = postgres(await freshDatabase(), { onnotice: () => {} })
})
afterAll(() => sql.end())

test('drizzle/schema.sql is what the migrations add up to', async () => {
  const renew = 'renew drizzle/schema.sql: npx vitest run server/db/schema.test.ts --update'
  await expect(head + (await dumpSchema(sql)), renew).toMatchFileSnapshot(file)
})

test('that leaves nothing out: it makes the same schema', async () => {
  const dump = await dumpSchema(sql)
  const url = new URL(await freshDatabase())
  await sql`create database made_of_dump`
  url.pathname = '/made_of_dump'
  const made = postgres(url.href, { onnotice: () => {} })
  await made.unsafe(dump)
  expect(await dumpSchema(made)).toBe(dump)
  expect(await objectsOf(made)).toEqual(await objectsOf(sql))
  await made.end()
})

test('the columns of schema.ts are those of the database', async () => {
  await sql`create schema declared`
  for (const table of Object.values(tables)) {
    const { name, columns } = getTableConfig(table)
    const written = columns.map(
      (each) => `${each.name} ${each.getSQLType()} ${each.notNull ? 'not null' : 'null'}`,
    )
    await sql.unsafe(`create table declared.${name} (${written.join(', ')})`)
  }
  expect(await columnsOf('declared')).toEqual(await columnsOf('public'))
})

const columnsOf = (schema: string) => sql`
  select table_name, column_name, is_nullable, format_type(attribute.atttypid, attribute.atttypmod) as type
  from information_schema.columns
  join pg_attribute attribute on attname = column_name
    and attrelid = format('%I.%I', table_schema, table_name)::regclass
  where table_schema = ${schema} and table_name <> '__drizzle_migrations'
  order by table_name, column_name`

/** Views, sequences, types…: what the dump would not know of. */
const objectsOf = (db: postgres.Sql) => db`
  select relkind::text as kind, relname::text as name from pg_class
  where relnamespace = 'public'::regnamespace and relname not like '%drizzle%'
  union all select typtype::text, typname::text from pg_type
  where typnamespace = 'public'::regnamespace and typname not like '%drizzle%'
  order by kind, name`
