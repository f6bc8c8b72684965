import { expect, test } from 'vitest'
import { applyMissing } from '../db/migrations.ts'
import { emptyFolder } from '../testing/folder.ts'
import { type Portal, portalWith } from '../testing/portal.ts'

process.env.DATA_DIR = emptyFolder()
const { run } = await import('./run.ts')
const { Progress } = await import('./progress.ts')

const quiet = new Progress({ write: () => {} })
const runOn = (portal: Portal) =>
  run({ databaseUrl: portal.url, dryRun: false, undo: false, uploads: undefined }, quiet)

const people = `insert into users (id, email, name) values
  (1, 'jan@firma.example', 'Jan'), (2, 'ola@firma.example', 'Ola'), (3, 'ewa@firma.example', '');
  select setval('users_id_seq', 3)`

/** A portal of three people with one message from Jan to Ola. */
async function withMessage(columns: Record<string, string>): Promise<Portal> {
  const portal = await portalWith()
  await portal.ask(people)
  const all = { id: '1', sender_id: '1', recipient_id: '2', content: "'treść'", ...columns }
  await portal.ask(`insert into private_messages (${Object.keys(all)}) values (${Object.values(all)})`)
  return portal
}

const attack = `<img src=x onerror=alert(1)><svg/onload=alert(1)><a href="javascript:alert(1)">klik</a><xmp></xmp><b>`

test.each<[string, Record<string, string>, RegExp, string | undefined]>([
  ['an attack', { content: `'${attack}'` }, /^klik$/, undefined],
  ['broken HTML', { content: "'</p></div><p>a<b>b</p>c'" }, /^a ?b\s*c$/, undefined],
  ['nothing', { content: "''" }, /^$/, 'holds nothing that can be shown'],
  ['two megabytes', { content: "repeat('słowo ', 400000)" }, /^słowo/, 'was too long: goes on in'],
  ['a hundred thousand levels', { content: "repeat('<b>', 100000) || 'a'" }, /^a$/, 'nested too deeply'],
  ['a time to come', { created_at: "'2099-01-01'" }, /treść/, 'has no time, or an impossible one: now 20'],
  ['no time', { created_at: 'null' }, /treść/, 'has no time'],
  ['a time that never ends', { created_at: "'infinity'" }, /treść/, 'has no time'],
  ['a time before all', { created_at: "'0044-03-15 BC'" }, /treść/, 'now 1970-01-01'],
  [
    'flags that say nothing',
    { is_read: 'null', deleted_by_sender: 'null', deleted_by_recipient: 'null' },
    /treść/,
    undefined,
  ],
  ['itself for a parent', { parent_id: '1' }, /treść/, undefined],
  ['nobody at either end', { sender_id: 'null', recipient_id: 'null' }, /treść/, undefined],
  ['emoji and other scripts', { content: "'👨‍👩‍👧 שלום مرحبا 你好'" }, /^👨‍👩‍👧 שלום مرحبا 你好$/, undefined],
])('a message with %s is moved, and listed when it is not as it was', async (_, columns, text, reason) => {
  const portal = await withMessage(columns)
  const report = await runOn(portal)
  expect(report).toMatchObject({ outcome: 'moved', reasons: [] })
  const [row] = await portal.ask('select content, content_text, created_at from messages order by id')
  expect(row.content_text).toMatch(text)
  expect(row.content).not.toMatch(/onerror|onload|javascript|<svg|<xmp/)
  expect(row.created_at.getTime()).toBeLessThanOrEqual(Date.now() + 1000)
  if (reason)
    expect(report.notes).toMatchObject([
      { table: 'private_messages', id: 1, reason: expect.stringContaining(reason) },
    ])
  else expect(report.notes).toEqual([])
})

test('a long message is one in every check, and its parts follow each other', async () => {
  const portal = await withMessage({ content: "repeat('słowo ', 10000)" })
  await portal.ask(
    "insert into private_messages (id, sender_id, recipient_id, content, parent_id) values (2, 2, 1, 'ok', 1)",
  )
  const report = await runOn(portal)
  expect(report.checks).toContainEqual({ name: 'private messages', before: 2, after: 2, holds: true })
  expect(
    await portal.ask(
      'select m.seq, r.seq as answers, c.seq as last from messages m join conversations c on true left join messages r on r.id = m.reply_to_id order by m.id',
    ),
  ).toEqual([1, 2, 3, 4, 5].map((seq) => ({ seq, answers: seq === 5 ? 1 : null, last: 5 })))
})

test('a message of attachments alone is no note', async () => {
  const portal = await withMessage({ content: "''" })
  await portal.ask(
    "insert into message_attachments (message_id, filename, stored_filename, file_size, mime_type) values (1, 'a.pdf', 'a.pdf', 1, 'application/pdf')",
  )
  expect((await runOn(portal)).notes).toEqual([])
})

test('duplicates stay two messages', async () => {
  const portal = await withMessage({ created_at: "'2025-01-01'" })
  await portal.ask(
    'insert into private_messages select 2, sender_id, recipient_id, subject, content, is_read, read_at, parent_id, deleted_by_sender, deleted_by_recipient, created_at from private_messages',
  )
  await runOn(portal)
  expect(await portal.ask('select content_text, seq from messages order by id')).toEqual([
    { content_text: 'treść', seq: 1 },
    { content_text: 'treść', seq: 2 },
  ])
})

test('a millisecond between reading and writing is enough to stay unread', async () => {
  const portal = await withMessage({})
  await portal.ask(`insert into message_group (id, name) values (1, 'Grupa');
    insert into message_group_member (group_id, user_id, last_read_at) values (1, 2, '2025-01-01 10:00:00.0003');
    insert into group_message (group_id, sender_id, content, created_at) values
      (1, 1, 'przeczytana', '2025-01-01 10:00:00.0002'), (1, 1, 'nie', '2025-01-01 10:00:00.0004')`)
  await runOn(portal)
  expect(
    await portal.ask(`select content_text from conversation_members cm
    join messages m on m.id = last_read_message_id where user_id = 2 and last_read_at < '2025-01-02'`),
  ).toEqual([{ content_text: 'przeczytana' }])
})

test('groups of every odd kind are moved', async () => {
  const portal = await portalWith()
  await portal.ask(`${people};
    insert into message_group (id, name, owner_id, created_at) values
      (1, '  ', null, null), (2, 'Nikt', null, now()), (3, 'Dwóch', null, now()), (4, 'Obcy', 3, now());
    insert into message_group_member (group_id, user_id, role, joined_at) values
      (1, 1, null, null), (3, 2, 'owner', '2025-01-02'), (3, 1, 'owner', '2025-01-01'), (4, 1, 'king', '2025-01-02'), (4, 2, 'member', '2025-01-01');
    insert into group_message (group_id, sender_id, content) values (2, 1, 'nikogo tu nie ma')`)
  const report = await runOn(portal)
  expect(report).toMatchObject({ outcome: 'moved' })
  expect(
    await portal.ask(`select c.name, c.owner_id, array_agg(cm.user_id::integer order by cm.user_id) filter (where role = 'owner') as owners
    from conversations c left join conversation_members cm on cm.conversation_id = c.id group by c.id order by c.id`),
  ).toEqual([
    { name: 'Nikt', owner_id: null, owners: null },
    { name: 'Dwóch', owner_id: 1, owners: [1] },
    { name: 'Obcy', owner_id: 2, owners: [2] },
    { name: 'Grupa 1', owner_id: 1, owners: [1] },
  ])
  expect(report.notes.map((note) => note.id)).toEqual([1, 1, 2, 3, 4])
})

test('users who differ only in the case of their e-mail stop the run before anything is touched', async () => {
  const portal = await portalWith('sample')
  await portal.ask("insert into users (id, email) values (9, 'JAN.Kowalski@firma.example')")
  const before = await portal.dump()
  const report = await runOn(portal)
  expect(report.outcome).toBe('stopped')
  expect(report.reasons[1]).toBe('  jan.kowalski@firma.example (user 1), JAN.Kowalski@firma.example (user 9)')
  expect(await portal.dump()).toEqual(before)
})

test('a check that does not hold keeps nothing', async () => {
  const portal = await portalWith('sample')
  await applyMissing(portal.url)
  await portal.ask(`create function read_it() returns trigger language plpgsql as $$ begin
      new.last_read_message_id := (select max(id) from messages where conversation_id = new.conversation_id); return new; end $$;
    create trigger read_it before update on conversation_members for each row execute function read_it()`)
  const before = await portal.dump()
  const report = await runOn(portal)
  expect(report.outcome).toBe('checks failed')
  expect(report.checks.filter((check) => !check.holds).map((check) => check.name)).toEqual([
    'unread messages of members (never fewer)',
  ])
  expect(await portal.dump()).toEqual(before)
})
