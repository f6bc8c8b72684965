import { expect, test } from 'vitest'
import { applyMissing } from '../db/migrations.ts'
import { emptyFolder } from '../testing/folder.ts'
import { type Portal, portalWith } from '../testing/portal.ts'

process.env.DATA_DIR = emptyFolder()
const { run } = await import('./run.ts')
const { Progress } = await import('./progress.ts')

const quiet = new Progress({ write: () => {} })
const runOn = (portal: Portal, options: { dryRun?: boolean; undo?: boolean } = {}) =>
  run({ databaseUrl: portal.url, dryRun: false, undo: false, uploads: undefined, ...options }, quiet)

const oldTables = [
  ...['users', 'private_messages', 'message_group', 'message_group_member', 'group_message'],
  'message_attachments',
]

/** Jan and Maria have talked here before, and Maria has read it. */
async function talked(portal: Portal, at: string): Promise<void> {
  await applyMissing(portal.url)
  await portal.ask(`
    insert into conversations (id, is_group, direct_key, owner_id, updated_at) values (500, false, '1:2', 1, '${at}');
    insert into conversation_members (conversation_id, user_id, role) values (500, 1, 'owner'), (500, 2, 'member');
    select send_message(500, 1, '<p>tutaj</p>', 'tutaj');
    update messages set created_at = '${at}' where conversation_id = 500;
    update conversations set updated_at = '${at}' where id = 500;
    update conversation_members set last_read_message_id = (select max(id) from messages), last_read_at = '${at}'
      where user_id = 2;
    update conversation_members set is_archived = true where user_id = 1;
    alter sequence conversations_id_seq restart 501`)
}

test('a dry run does and checks everything, and leaves not even empty tables', async () => {
  const portal = await portalWith('sample')
  const before = await portal.dump()
  const report = await runOn(portal, { dryRun: true })
  expect(report).toMatchObject({ outcome: 'dry run', figures: { private_messages: 14, group_messages: 5 } })
  expect(report.checks.every((check) => check.holds)).toBe(true)
  expect(await portal.dump()).toEqual(before)
})

test('the old tables stay as they are, but for what leads to the new ones', async () => {
  const portal = await portalWith('sample')
  await applyMissing(portal.url)
  const without = ['new_message_id', 'conversation_id']
  const before = await portal.dump({ tables: oldTables, without })
  await runOn(portal)
  const { users, ...after } = await portal.dump({ tables: oldTables, without })
  const { users: usersBefore, ...rest } = before
  expect(after).toEqual(rest)
  expect(users!.filter((user) => !user.includes('Usunięte konto'))).toEqual(usersBefore)
})

test('a second run changes nothing', async () => {
  const portal = await portalWith('sample')
  await runOn(portal)
  const before = await portal.dump()
  expect(await runOn(portal)).toMatchObject({
    outcome: 'moved',
    figures: { private_messages: 0, members: 0 },
  })
  expect(await portal.dump()).toEqual(before)
})

test('two runs at once move everything once', async () => {
  const portal = await portalWith('sample')
  const reports = await Promise.all([runOn(portal), runOn(portal)])
  expect(reports.map((report) => report.figures.private_messages).sort()).toEqual([0, 14])
  expect(await portal.ask('select count(*) from messages')).toEqual([{ count: 19 }])
})

test('a second run takes what is new: messages, answers, groups, members, attachments', async () => {
  const portal = await portalWith('sample')
  await runOn(portal)
  await portal.ask(`
    insert into private_messages (sender_id, recipient_id, subject, content, parent_id, created_at) values
      (2, 1, 'Re: Spotkanie zarządu', 'nowa odpowiedź', 1, '2026-01-01'), (4, 1, null, 'nowa para', null, '2026-01-02');
    insert into message_group_member (group_id, user_id, last_read_at) values (1, 4, '2025-03-08 09:01:30'), (3, 3, null);
    insert into group_message (group_id, sender_id, content, created_at) values (1, 4, 'dzień dobry', '2026-01-03');
    insert into message_attachments (message_id, filename, stored_filename, file_size, mime_type)
      values (2, 'nowy.pdf', 'nowy.pdf', 1, 'application/pdf')`)
  const report = await runOn(portal)
  expect(report).toMatchObject({
    outcome: 'moved',
    figures: { private_messages: 2, group_messages: 1, conversations_made: 1, members: 2, attachments: 1 },
  })
  expect(
    await portal.ask(`select m.content, m.seq, c.seq as last, r.content_text like '%czwartek%' as answers from messages m
      join conversations c on c.last_message_id = m.id join messages r on r.id = m.reply_to_id where direct_key = '1:2'`),
  ).toEqual([{ content: '<p>nowa odpowiedź</p>', seq: 5, last: 5, answers: true }])
  expect(
    await portal.ask(`select m.content_text from conversation_members cm join messages m on m.id = last_read_message_id
      join conversations c on c.id = cm.conversation_id where c.name = 'Komisja rewizyjna' and user_id = 4`),
  ).toEqual([{ content_text: 'Wiadomość od osoby spoza grupy' }])
})

test('whoever left a group here is not brought back, and no group that is gone is begun anew', async () => {
  const portal = await portalWith('sample')
  await runOn(portal)
  await portal.ask(`delete from conversation_members where user_id = 3 and conversation_id in (
      select id from conversations where name = 'Komisja rewizyjna');
    update conversations set last_message_id = null where name = 'Grupa bez właściciela';
    delete from conversations where name = 'Grupa bez właściciela';
    insert into group_message (group_id, sender_id, content) values (2, 3, 'halo')`)
  const report = await runOn(portal)
  expect(report).toMatchObject({
    outcome: 'moved',
    figures: { members: 0, groups_made: 0, group_messages: 0, messages_of_removed_groups: 1 },
  })
})

test('an existing conversation is used; for who had read all of it, what they had read in the portal is read too', async () => {
  const portal = await portalWith('sample')
  await talked(portal, '2024-12-01')
  expect(await runOn(portal)).toMatchObject({ outcome: 'moved', figures: { conversations_made: 5 } })
  const rows = await portal.ask(
    'select content_text, seq from messages where conversation_id = 500 order by id',
  )
  expect(rows.map((row) => row.seq)).toEqual([1, 2, 3, 4, 5])
  expect(rows[0].content_text).toBe('tutaj')
  const members = await portal.ask(`select user_id, content_text, is_archived from conversation_members cm
    left join messages m on m.id = last_read_message_id where cm.conversation_id = 500 order by 1`)
  expect(members).toMatchObject([
    { content_text: 'Jeszcze jedno: 3 < 5 && 5 > 3', is_archived: false },
    { content_text: 'Tak, czwartek pasuje.' },
  ])
})

test('a conversation that holds newer messages stops the run, and is named', async () => {
  const portal = await portalWith('sample')
  await talked(portal, '2025-03-01T10:15:00Z')
  const before = await portal.dump()
  const report = await runOn(portal)
  expect(report.outcome).toBe('stopped')
  expect(report.reasons.join('\n')).toContain(
    '500 (Jan Kowalski and Maria Nowak): here up to 2025-03-01 10:15:00, to be moved from 2025-03-01 10:00:00',
  )
  expect(await portal.dump()).toEqual(before)
})

test('undo restores everything', async () => {
  const portal = await portalWith('sample')
  await applyMissing(portal.url)
  const before = await portal.dump()
  await runOn(portal)
  await portal.ask(
    "insert into private_messages (sender_id, recipient_id, content) values (2, 1, 'i jeszcze')",
  )
  await runOn(portal)
  await portal.ask("delete from private_messages where content = 'i jeszcze'")
  expect(await runOn(portal, { undo: true, dryRun: true })).toMatchObject({ outcome: 'undone in a dry run' })
  expect(await runOn(portal, { undo: true })).toMatchObject({
    outcome: 'undone',
    figures: { messages_removed: 20, conversations_removed: 9, users_removed: 1, attachments_released: 2 },
  })
  expect(await portal.dump()).toEqual(before)
  expect(await runOn(portal)).toMatchObject({ outcome: 'moved', figures: { private_messages: 14 } })
})

test('undo puts a conversation that was there before back to how it stood', async () => {
  const portal = await portalWith('sample')
  await talked(portal, '2024-12-01')
  // A number that was published is never used again for something else.
  const dump = () => portal.dump({ without: ['xid', 'seq'] })
  const before = await dump()
  await runOn(portal)
  await runOn(portal, { undo: true })
  expect(await dump()).toEqual(before)
  expect(await portal.ask('select seq from conversations where id = 500')).toEqual([{ seq: 6 }])
})

test.each([
  ['written', "select send_message(id, 1, '<p>a</p>', 'a') from conversations where direct_key = '1:2'"],
  [
    'changed something',
    "update conversations set seq = seq + 1, xid = pg_current_xact_id() where direct_key = '1:2'",
  ],
])('undo refuses when members have %s there since, also after a second run', async (_, statement) => {
  const portal = await portalWith('sample')
  await runOn(portal)
  await portal.ask(statement)
  await portal.ask(
    "insert into private_messages (sender_id, recipient_id, content, created_at) values (2, 1, 'i jeszcze', '2099-01-01')",
  )
  await runOn(portal)
  const before = await portal.dump()
  const report = await runOn(portal, { undo: true })
  expect(report.outcome).toBe('stopped')
  expect(report.reasons.join('\n')).toContain('(Jan Kowalski and Maria Nowak)')
  expect(await portal.dump()).toEqual(before)
})

test('undo of nothing is nothing', async () => {
  const portal = await portalWith('sample')
  expect(await runOn(portal, { undo: true })).toMatchObject({
    outcome: 'undone',
    figures: { messages_removed: 0 },
  })
})
