import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'
import { knownMigrations, makeTablesAsOf } from '../backup/migrations.ts'
import { download, picture, upload } from '../testing/files.ts'
import { emptyFolder } from '../testing/folder.ts'
import { command, connect, newcomer, newHome, serve } from '../testing/homes.ts'
import { portalWith } from '../testing/portal.ts'

/** Each command is a process that starts, beside a service that does. */
vi.setConfig({ testTimeout: 90_000 })

const png = await picture(40, 40).png().toBuffer()

test('while members write and delete, a backup has what was there at its moment, with every file', async () => {
  const home = await newHome()
  const service = await serve(home)
  const [ala, ola] = [await newcomer(service, 'ala'), await newcomer(service, 'ola')]
  const id = await ala.talkTo(ola)
  const { attachment } = (await upload(ala, png, 'zdjęcie.png')).body
  const { id: deleted } = await ala.say(id, 'ze zdjęciem', { attachment_ids: [attachment.id] })
  const sql = connect(home.DATABASE_URL)
  const path = join(emptyFolder(), 'backup')

  // The backup stands at the table of votes, behind that of attachments, and members go on.
  const { promise: standing, resolve: goOn } = Promise.withResolvers<void>()
  const { promise: stands, resolve: standsThere } = Promise.withResolvers<void>()
  const holding = sql.begin(async (tx) => {
    await tx`lock table poll_publications in access exclusive mode`
    standsThere()
    await standing
  })
  await stands
  const made = command(home, `backup ${path}`)
  const other = connect(home.DATABASE_URL)
  await expect
    .poll(() => other`select from pg_locks where relation = 'poll_publications'::regclass and not granted`)
    .toHaveLength(1)
  expect((await ala.delete(`/api/messages/${deleted}`)).status).toBe(204)
  await ala.say(id, 'po chwili kopii')
  expect(readdirSync(join(home.DATA_DIR, 'held', 'attachments'))).toHaveLength(2)
  expect((await command(home, `backup ${path}-2`)).error).toBe('admin: another backup is being made\n')
  goOn()
  await holding
  expect(await made).toMatchObject({ code: 0, out: expect.stringMatching(/: 1 messages, 2 files/) })
  // What a member deletes is gone for good, as soon as it may.
  expect(readdirSync(join(home.DATA_DIR, 'held', 'attachments'))).toEqual([])
  expect((await download(service.address, ala, attachment.url)).answer.status).toBe(404)

  // Under the service, whose pages notice and go on.
  const stream = await ola.listen()
  const [jobs, workers] = [await service.jobs(), await service.workers()]
  expect(await command(home, `restore ${path} --replace`)).toMatchObject({ code: 0, error: '' })
  await stream.ended
  // Which knows the tasks by their numbers in the database that was; workers are replaced, too.
  await expect.poll(() => service.jobs(), { timeout: 40_000 }).not.toEqual(jobs)
  await expect.poll(() => service.workers(), { timeout: 40_000 }).not.toEqual(workers)
  const texts = async () =>
    (await ola.get(`/api/conversations/${id}/messages`)).body.messages.map(({ content_text }) => content_text)
  await expect.poll(() => texts().catch(() => []), { timeout: 40_000 }).toEqual(['ze zdjęciem'])
  expect((await download(service.address, ola, attachment.url)).answer.status).toBe(200)
  await ala.say(id, 'po odtworzeniu')
})

test('a backup of an older version is brought up to date', async () => {
  const [older, newer] = [await newHome(), await newHome()]
  const sql = connect(older.DATABASE_URL)
  const known = await knownMigrations()
  await sql.begin((tx) => makeTablesAsOf(tx, known.find(({ tag }) => tag.startsWith('0020'))!))
  await sql`insert into users (email, name, password_hash) values ('ala@example.org', 'Ala', 'x')`
  const path = join(emptyFolder(), 'backup')
  expect(await command(older, `backup ${path}`)).toMatchObject({ code: 0, error: '' })
  expect(await command(newer, `restore ${path}`)).toMatchObject({ code: 0, error: '' })
  const restored = connect(newer.DATABASE_URL)
  expect(await restored`select name, username, text_size from users`).toMatchObject([
    { name: 'Ala', username: 'ala', text_size: 'normal' },
  ])
  expect(await restored`select count(*)::int as applied from __drizzle_migrations`).toEqual([
    { applied: known.length },
  ])
  const service = await serve(newer)
  const [ela, ola] = [await newcomer(service, 'ela'), await newcomer(service, 'ola')]
  await ela.say(await ela.talkTo(ola), 'działa')
})

test('whoever owns the database may restore it, without being its superuser', async () => {
  const home = await newHome()
  const path = join(emptyFolder(), 'backup')
  await connect(home.DATABASE_URL)`insert into users (email, name) values ('ala@example.org', 'Ala')`
  const server = connect(home.DATABASE_URL)
  const [owner, name] = [`owner_${process.pid}`, `test_${process.pid}_owned`]
  await server.unsafe(`create role ${owner} login password 'tajne'`)
  await server.unsafe(`create database ${name} owner ${owner}`)
  onTestFinished(async () => {
    await server.unsafe(`drop database ${name} with (force)`)
    await server.unsafe(`drop role ${owner}`)
  })
  const url = Object.assign(new URL(home.DATABASE_URL), {
    username: owner,
    password: 'tajne',
    pathname: name,
  })
  const owned = { DATABASE_URL: url.href, DATA_DIR: emptyFolder() }
  expect(await command(home, `backup ${path}`)).toMatchObject({ code: 0 })
  for (const more of ['', ' --replace'])
    expect(await command(owned, `restore ${path}${more}`)).toMatchObject({ code: 0, error: '' })
  expect(await command(owned, `backup ${path}-again`)).toMatchObject({ code: 0, error: '' })
})

test('of a portal’s database our part alone is backed up, and nothing in it is ever replaced', async () => {
  const portal = await portalWith('sample')
  const home = { DATABASE_URL: portal.url, DATA_DIR: emptyFolder() }
  const service = await serve(home, { REGISTRATION: 'closed' })
  await service.stop()
  const path = join(emptyFolder(), 'backup')
  expect(await command(home, `backup ${path}`)).toMatchObject({ code: 0, error: '' })
  const before = await portal.dump()
  const { code, error } = await command(home, `restore ${path} --replace`)
  expect([code, error]).toEqual([1, expect.stringContaining("tables that are not Rozmowa's")])
  expect(await portal.dump()).toEqual(before)
  const elsewhere = await newHome()
  expect(await command(elsewhere, `restore ${path}`)).toMatchObject({ code: 0, error: '' })
  const [{ count }] = await portal.ask('select count(*)::int from users')
  expect(await connect(elsewhere.DATABASE_URL)`select count(*)::int from users`).toEqual([{ count }])
})

test('a restore that meets a write half-way waits for it, and is done', async () => {
  const home = await newHome()
  const [sql, other] = [connect(home.DATABASE_URL), connect(home.DATABASE_URL)]
  await sql`insert into users (email, name) values ('ala@example.org', 'Ala')`
  const path = join(emptyFolder(), 'backup')
  await command(home, `backup ${path}`)
  let restored: ReturnType<typeof command> | undefined
  await sql.begin(async (tx) => {
    await tx`update users set name = 'Ola'`
    restored = command(home, `restore ${path} --replace`)
    const isWaiting = () => other`select from pg_locks where relation = 'users'::regclass and not granted`
    await expect.poll(isWaiting, { interval: 20 }).toHaveLength(1)
    // What the restore has locked already: each waits for the other, and PostgreSQL ends the one that waits longer.
    await tx`insert into conversations (is_group, name) values (true, 'Nowa')`
  })
  expect(await restored).toMatchObject({ code: 0, error: '' })
  expect(await sql`select name from users`).toEqual([{ name: 'Ala' }])
  expect(await sql`select from conversations`).toHaveLength(0)
})
