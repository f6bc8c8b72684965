import postgres from 'postgres'
import { expect, inject, test } from 'vitest'
import { migrate } from './migrate.ts'

const open = { mayRegister: true }
let databases = 0
/** A portal's database, before Rozmowa ever saw it. */
async function portal(statements: string): Promise<{ url: string; sql: postgres.Sql }> {
  const server = new URL('/postgres', inject('template'))
  const name = `test_${process.pid}_fitness_${databases++}`
  const admin = postgres(server.href, { max: 1, onnotice: () => {} })
  await admin`create database ${admin(name)}`
  await admin.end()
  const url = new URL(`/${name}`, server).href
  const sql = postgres(url, { max: 1, onnotice: () => {} })
  await sql.unsafe(statements)
  return { url, sql }
}

/** The table `users` of a portal that fits, but for what is put in the place of one of its columns. */
function users(changed: Record<string, string> = {}, more = ''): string {
  const columns = {
    id: 'serial primary key',
    email: 'varchar(255)',
    name: 'varchar(255)',
    password_hash: 'varchar(255)',
    created_at: 'timestamp not null default now()',
    ...changed,
  }
  const list = Object.entries(columns).filter(([, type]) => type !== '')
  return `create table users (${list.map((each) => each.join(' ')).join(', ')}); ${more}`
}
const rows = (...emails: string[]) =>
  `insert into users (email, name) values ${emails.map((email) => `(${email}, 'x')`).join(', ')}`

test.each<[has: string, statements: string, says: RegExp]>([
  [
    'e-mails that differ in case',
    users({}, rows("'a@x'", "'b@x'", "'A@X'")),
    /users whose e-mails differ in case only: 1, 3;/,
  ],
  ['users without e-mail', users({}, rows("'a@x'", 'null', "''")), /users without e-mail: 2 \/ 3;/],
  [
    'ids that are UUIDs',
    users({ id: 'uuid primary key default gen_random_uuid()' }),
    /users\.id is uuid: .* bigint/,
  ],
  [
    'ids that are text',
    users({ id: 'varchar(20) primary key' }),
    /users\.id is character varying: .* bigint/,
  ],
  ['ids that are not unique', users({ id: 'serial' }), /users\.id is not unique/],
  ['no ids', users({ id: '' }), /users has no column id/],
  ['no names', users({ name: '' }), /users has no column name: alter table users add name varchar/],
  ['no password hashes', users({ password_hash: '' }), /users has no column password_hash/],
  ['no e-mails', users({ email: '' }), /users has no column email/],
  ['e-mails that are no text', users({ email: 'jsonb' }), /users\.email is jsonb/],
  [
    'a column that means something else',
    users({ is_active: 'smallint' }),
    /users\.is_active is smallint: .* boolean/,
  ],
  [
    'a view in its place',
    `create table people (id int); create view users as select * from people`,
    /users is not a table/,
  ],
  [
    'a column that has to be given',
    users({ phone: 'text not null' }),
    /users\.phone has to be given .* REGISTRATION=closed/,
  ],
  ['ids that have to be given', users({ id: 'int primary key' }), /users\.id has to be given/],
  [
    'usernames that differ in case',
    users({ username: 'text' }, `insert into users (email, username) values ('a@x', 'Jan'), ('b@x', 'jan')`),
    /users with the same username, case aside: 1, 2;/,
  ],
  [
    'a username that another would get',
    users({ username: 'text' }, `insert into users (email, username) values ('jan@x', null), ('b@x', 'jan')`),
    /users with the same username, case aside: 1, 2;/,
  ],
  ['sessions of its own', users({}, 'create table sessions (id int)'), /there is a table sessions already/],
  ['a view called messages', 'create view messages as select 1', /there is a table messages already/],
  [
    'migrations of its own',
    'create table __drizzle_migrations (id serial, hash text, created_at bigint); insert into __drizzle_migrations (created_at) values (1)',
    /__drizzle_migrations belongs to another program/,
  ],
])('a portal with %s hears of it in one line, and nothing is changed', async (_, statements, says) => {
  const { url, sql } = await portal(statements)
  const all = () =>
    sql`select oid::regclass::text from pg_class where relnamespace = 'public'::regnamespace order by 1`
  const before = [...(await all())]
  const error = (await migrate(url, open).catch((error) => error)) as Error
  expect(error.message).toMatch(new RegExp(`^DATABASE_URL: [^\\n]*${says.source}[^\\n]*$`))
  expect([...(await all())]).toEqual(before)
  expect((await sql`select to_regnamespace('rozmowa_jobs') as name`)[0]!.name).toBeNull()
  await sql.end()
})

test('several reasons are several lines', async () => {
  const { url, sql } = await portal(users({ name: '', id: 'uuid' }, 'create table sessions (id int)'))
  const { message } = (await migrate(url, open).catch((error) => error)) as Error
  expect(message.split('\n')).toHaveLength(4)
  await sql.end()
})

test('a portal that fits is taken, and again when it has asked for a column of its own since', async () => {
  const { url, sql } = await portal(users({ username: 'text' }, rows("'jan@x'", "'ola@x'")))
  await migrate(url, open)
  await migrate(url, open)
  await sql`alter table users add shoe_size text not null default ''`
  await migrate(url, open)
  await sql`alter table users alter shoe_size drop default`
  await expect(migrate(url, open)).rejects.toThrow(/^DATABASE_URL: users\.shoe_size has to be given/)
  // A portal that makes its own users may ask of them what it likes.
  await migrate(url)
  await sql.end()
})

test('who may make no tables hears what to grant', async () => {
  const { url, sql } = await portal('')
  const role = `test_${process.pid}_role`
  await sql.unsafe(`create role ${role} login password 'x'`)
  const address = Object.assign(new URL(url), { username: role, password: 'x' })
  const { message } = (await migrate(address.href, open).catch((error) => error)) as Error
  expect(message).toMatch(/may make no tables: grant create on schema public to/)
  expect(message).toMatch(/may make no schema: grant create on database/)
  await sql.unsafe(`drop role ${role}`)
  await sql.end()
})

test('a database that is read-only is not migrated', async () => {
  const { url, sql } = await portal('')
  await sql.unsafe(`alter database ${new URL(url).pathname.slice(1)} set default_transaction_read_only = on`)
  await expect(migrate(url, open)).rejects.toThrow(/^DATABASE_URL: the database is read-only/)
  await sql.end()
})

test('a database that a newer version has used is not touched by an older one', async () => {
  const { url, sql } = await portal('select 1')
  await migrate(url)
  await sql`insert into __drizzle_migrations (hash, created_at) select 'later', max(created_at) + 1 from __drizzle_migrations`
  await expect(migrate(url)).rejects.toThrow(
    /^DATABASE_URL: it was used by a newer version of Rozmowa: [^\n]+$/,
  )
  await sql.end()
})
