import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import postgres from 'postgres'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { freshDatabase } from '../testing/postgres.ts'
import { migrate } from './migrate.ts'

let sql: postgres.Sql
beforeAll(async () => {
  sql = postgres(await freshDatabase(), { onnotice: () => {} })
  await sql`insert into users (id, email, username) values (1, 'a@x', 'a'), (2, 'b@x', 'b'), (3, 'c@x', 'c')`
  await sql`insert into conversations (id, is_group, direct_key, owner_id) values (1, false, '1:2', 1)`
  await sql`insert into conversations (id, is_group, name, owner_id) values (2, true, 'Grupa', 1)`
  await sql`insert into conversation_members (conversation_id, user_id, role) values (1, 1, 'owner'), (1, 2, 'member'), (2, 1, 'owner')`
  await sql`insert into messages (id, conversation_id, seq, sender_id, content, content_text) values (101, 1, 1, 1, 'a', 'a'), (102, 2, 1, 1, 'b', 'b')`
})
afterAll(() => sql.end())

const unique = '23505'
const foreign = '23503'
const check = '23514'

test.each([
  ['an e-mail twice, in other case', unique, "insert into users (email, username) values ('A@X', 'z')"],
  ['a username twice, in other case', unique, "insert into users (email, username) values ('z@x', 'A')"],
  [
    'a second 1:1 of two people',
    unique,
    "insert into conversations (is_group, direct_key) values (false, '1:2')",
  ],
  [
    'a 1:1 with its people in the wrong order',
    check,
    "insert into conversations (is_group, direct_key) values (false, '3:2')",
  ],
  ['a 1:1 without its people', check, 'insert into conversations (is_group) values (false)'],
  [
    'a 1:1 of something else',
    check,
    "insert into conversations (is_group, direct_key) values (false, 'a:b')",
  ],
  [
    'a group with the key of a 1:1',
    check,
    "insert into conversations (is_group, name, direct_key) values (true, 'x', '1:3')",
  ],
  ['a group without a name', check, 'insert into conversations (is_group) values (true)'],
  ['a member twice', unique, 'insert into conversation_members (conversation_id, user_id) values (1, 1)'],
  [
    'an unknown role',
    check,
    "insert into conversation_members (conversation_id, user_id, role) values (2, 2, 'king')",
  ],
  [
    'a second owner',
    unique,
    "insert into conversation_members (conversation_id, user_id, role) values (2, 2, 'owner')",
  ],
  [
    'a seq twice',
    unique,
    "insert into messages (conversation_id, seq, sender_id, content, content_text) values (1, 1, 1, 'x', 'x')",
  ],
  [
    'a reply to another conversation',
    foreign,
    "insert into messages (conversation_id, seq, sender_id, content, content_text, reply_to_id) values (1, 2, 1, 'x', 'x', 102)",
  ],
  [
    'a reply to nothing',
    foreign,
    "insert into messages (conversation_id, seq, sender_id, content, content_text, reply_to_id) values (1, 2, 1, 'x', 'x', 99)",
  ],
  [
    'a message without content',
    check,
    'insert into messages (conversation_id, seq, sender_id) values (1, 2, 1)',
  ],
  [
    'a deleted message that keeps its content',
    check,
    'update messages set is_deleted = true, deleted_at = now() where id = 101',
  ],
  [
    'a deletion without its time',
    check,
    'update messages set is_deleted = true, content = null, content_text = null where id = 101',
  ],
  [
    'an unknown kind',
    check,
    "insert into messages (conversation_id, seq, sender_id, content, content_text, kind) values (1, 2, 1, 'x', 'x', 'poem')",
  ],
  [
    'a last message of another conversation',
    foreign,
    'update conversations set last_message_id = 102 where id = 1',
  ],
  [
    'a pin in another conversation',
    foreign,
    'insert into message_pins (conversation_id, message_id, pinned_by_id) values (1, 102, 1)',
  ],
  [
    'a second pin',
    unique,
    'insert into message_pins (conversation_id, message_id, pinned_by_id) values (1, 101, 1), (1, 101, 2)',
  ],
  [
    'a reaction twice',
    unique,
    "insert into message_reactions (message_id, user_id, emoji) values (101, 1, '👍'), (101, 1, '👍')",
  ],
  [
    'a second vote of one person',
    unique,
    "insert into poll_votes (message_id, user_id, option_ids) values (101, 1, '{1}'), (101, 1, '{2}')",
  ],
  [
    'a vote for nothing',
    check,
    "insert into poll_votes (message_id, user_id, option_ids) values (101, 1, '{}')",
  ],
  [
    'a vote for what no poll can have',
    check,
    "insert into poll_votes (message_id, user_id, option_ids) values (101, 1, '{13}')",
  ],
  ['a poll of the system', check, "update messages set kind = 'system', poll = '{}' where id = 101"],
  [
    'a deleted poll with its question',
    check,
    "update messages set is_deleted = true, deleted_at = now(), content = null, content_text = null, poll = '{}' where id = 101",
  ],
])('%s cannot be stored', async (_, code, statement) => {
  await expect(sql.unsafe(statement)).rejects.toMatchObject({ code })
})

test('a client_id is unique for its sender, and only for them', async () => {
  const insert = (senderId: number, seq: number) => sql`
    insert into messages (conversation_id, seq, sender_id, content, content_text, client_id)
    values (1, ${seq}, ${senderId}, 'x', 'x', '6b8f1c9e-3b0e-4f6e-9a55-1d2c3b4a5f60')`
  await insert(1, 10)
  await insert(2, 11)
  await expect(insert(1, 12)).rejects.toMatchObject({ code: unique })
})

test('many processes may bring the same database up to date at once', async () => {
  const server = new URL(await freshDatabase())
  await sql`create database empty_for_migration`
  server.pathname = '/empty_for_migration'
  await Promise.all(Array.from({ length: 8 }, () => migrate(server.href)))
  const check = postgres(server.href)
  const files = await readFile(join(import.meta.dirname, '../../drizzle/meta/_journal.json'), 'utf8')
  const [row] = await check`select count(*)::int as count from __drizzle_migrations`
  expect(row!.count).toBe(JSON.parse(files).entries.length)
  await check.end()
})

/** What a portal that already has members and an old inbox looks like, as far as its tables are shared. */
const portal = `
  create table users (id serial primary key, email varchar(255) not null unique, password_hash varchar(255),
    name varchar(255), company_id integer, phone varchar(50), is_active boolean default true,
    is_admin boolean default false, notify_email_messages boolean default true,
    created_at timestamp default (now() at time zone 'utc'), last_login timestamp);
  create table message_attachments (id serial primary key, message_id integer, group_message_id integer,
    filename varchar(255) not null, stored_filename varchar(255) not null, file_size integer not null,
    mime_type varchar(100) not null, created_at timestamp default (now() at time zone 'utc'));
  insert into users (email, name) values ('jan@firma.example', 'Jan Kowalski'), ('Jan@spolka.example', null), ('ola@firma.example', '');
  insert into message_attachments (message_id, filename, stored_filename, file_size, mime_type)
    values (7, 'a.pdf', 'b.pdf', 1, 'application/pdf');`

test("a portal's users and attachments are extended, and the portal goes on writing them", async () => {
  const server = new URL(await freshDatabase())
  await sql`create database portal`
  server.pathname = '/portal'
  const portalSql = postgres(server.href, { onnotice: () => {} })
  await portalSql.unsafe(portal)
  await migrate(server.href)
  expect(await portalSql`select username, name, phone, locale from users order by id`).toMatchObject([
    { username: 'jan', name: 'Jan Kowalski', phone: null, locale: 'pl' },
    { username: 'Jan-2', name: 'Jan' },
    { username: 'ola', name: 'ola' },
  ])
  await portalSql`insert into users (email, name) values ('ola@spolka.example', 'Ola Nowa')`
  expect(await portalSql`select username from users where name = 'Ola Nowa'`).toMatchObject([
    { username: 'ola-4' },
  ])
  await portalSql`insert into users (email, name) values ('ola@dom.example', ${'\u00a0\u200b'})`
  await portalSql`update users set name = null where id = 1`
  expect(await portalSql`select id, username, name from users where id in (1, 5) order by id`).toMatchObject([
    { username: 'jan', name: 'jan' },
    { username: 'ola-5', name: 'ola' },
  ])
  expect(await portalSql`select message_id, new_message_id from message_attachments`).toMatchObject([
    { message_id: 7, new_message_id: null },
  ])
  await portalSql.end()
})
