import { beforeAll, expect, test } from 'vitest'
import { emptyFolder } from '../testing/folder.ts'
import { type Portal, portalWith } from '../testing/portal.ts'
import type { Report } from './report.ts'

process.env.DATA_DIR = emptyFolder()
const { run } = await import('./run.ts')
const { Progress } = await import('./progress.ts')
const quiet = new Progress({ write: () => {} })

let portal: Portal
let report: Report
beforeAll(async () => {
  portal = await portalWith('sample')
  const wish = { databaseUrl: portal.url, dryRun: false, undo: false, uploads: undefined }
  report = await run(wish, quiet)
})

/** The messages of the 1:1 of these two, or of the group of this name, in the order of their ids. */
const messagesIn = (place: string, columns = 'm.content_text') =>
  portal
    .ask(`select ${columns} as value from messages m join conversations c on c.id = m.conversation_id
          where '${place}' in (c.direct_key, c.name) order by m.id`)
    .then((rows) => rows.map(({ value }) => value))

const memberOf = (place: string, userId: number) =>
  portal
    .ask(`select cm.*, m.content_text as read_up_to from conversation_members cm
          join conversations c on c.id = cm.conversation_id left join messages m on m.id = cm.last_read_message_id
          where '${place}' in (c.direct_key, c.name) and cm.user_id = ${userId}`)
    .then(([member]) => member)

test('9: every check holds, before and after', () => {
  expect(report).toMatchObject({ outcome: 'moved', reasons: [] })
  expect(report.checks.filter((check) => !check.holds)).toEqual([])
  expect(report.checks.map((check) => [check.name, check.before, check.after])).toEqual([
    ['private messages', 14, 14],
    ['group messages', 5, 5],
    ['pairs and groups with as many messages', 8, 8],
    ['deleted messages', 2, 2],
    ['messages in their order', 19, 19],
    ['conversations that know their last message', 8, 8],
    ['members of groups', 6, 6],
    ['groups with members that have an owner', 3, 3],
    ['attachments', 2, 2],
    ['unread messages of members (never fewer)', 13, 14],
  ])
})

test('1: each unordered pair has one conversation, and a message to oneself is in notes to oneself', async () => {
  const rows = await portal.ask('select direct_key from conversations where not is_group order by id')
  expect(rows.map((row) => row.direct_key)).toEqual([
    '1:2',
    '3:3',
    expect.stringMatching(/^1:\d+$/),
    '1:5',
    '3:4',
    '2:3',
  ])
  expect(await messagesIn('3:3')).toEqual(['Notatka\nDo siebie samego'])
  expect(
    await portal.ask(
      "select user_id from conversation_members cm join conversations c on c.id = conversation_id where direct_key = '3:3'",
    ),
  ).toEqual([{ user_id: 3 }])
})

test('1: whoever is gone is one inactive user "Usunięte konto"', async () => {
  const [gone] = await portal.ask("select id, is_active from users where name = 'Usunięte konto'")
  expect(gone.is_active).toBe(false)
  expect(await messagesIn(`1:${gone.id}`, 'm.sender_id')).toEqual([gone.id, 1])
  expect(await messagesIn('Grupa bez właściciela', 'm.sender_id')).toEqual([gone.id])
})

test('2: order is the time, then the old id; ids and seq follow, and times are UTC', async () => {
  expect(await messagesIn('2:3')).toEqual(['pierwsza', 'druga', 'trzecia (późniejszy czas, niższe id)'])
  expect(await messagesIn('2:3', 'm.seq')).toEqual([1, 2, 3])
  expect(await messagesIn('2:3', 'm.created_at')).toEqual([
    new Date('2025-03-07T12:00:00Z'),
    new Date('2025-03-07T12:00:01Z'),
    new Date('2025-03-07T12:00:02Z'),
  ])
  const [conversation] = await portal.ask(`select c.seq, c.updated_at, m.content_text from conversations c
    join messages m on m.id = c.last_message_id where direct_key = '2:3'`)
  expect(conversation).toMatchObject({ seq: 3, updated_at: new Date('2025-03-07T12:00:02Z') })
  expect(conversation.content_text).toMatch(/^trzecia/)
})

test('3: content is sanitized, plain text keeps its lines and signs, a new subject is a bold first line', async () => {
  expect(await messagesIn('1:2', 'm.content')).toEqual([
    '<p><strong>Spotkanie zarządu</strong></p><p>Dzień dobry,<br>czy pasuje Pani czwartek?<br><br>Jan</p>',
    'Tak, <strong>czwartek</strong> pasuje.',
    '<p>Świetnie</p>',
    '<p>Jeszcze jedno: 3 &lt; 5 &amp;&amp; 5 &gt; 3</p>',
  ])
  expect((await messagesIn('1:2'))[3]).toBe('Jeszcze jedno: 3 < 5 && 5 > 3')
})

test('4: an answer quotes its parent when that is in the same conversation, else nothing', async () => {
  const [first, second] = await messagesIn('1:2', 'm.id')
  expect(await messagesIn('1:2', 'm.reply_to_id')).toEqual([null, first, second, null])
  expect(await messagesIn('3:4', 'm.reply_to_id')).toEqual([null, null, null])
})

test('5: deleted by both is deleted and cleared, by one side is kept and counted', async () => {
  expect(await messagesIn('3:4', 'm.is_deleted')).toEqual([true, false, false])
  expect(await messagesIn('3:4', 'm.content')).toEqual([null, expect.any(String), expect.any(String)])
  expect(await messagesIn('Komisja rewizyjna', 'm.is_deleted')).toEqual([false, false, false, true])
  expect(report.figures).toMatchObject({ deleted: 2, deleted_by_one_side: 1 })
})

test('6: a position is the newest message before the first unread incoming one, with its time', async () => {
  expect(await memberOf('1:2', 2)).toMatchObject({
    read_up_to: 'Tak, czwartek pasuje.',
    last_read_at: new Date('2025-03-01T11:00:00Z'),
  })
  expect(await memberOf('1:2', 1)).toMatchObject({ read_up_to: 'Jeszcze jedno: 3 < 5 && 5 > 3' })
  expect(await memberOf('2:3', 3)).toMatchObject({ read_up_to: 'pierwsza' })
  expect(await memberOf('3:4', 4)).toMatchObject({ read_up_to: 'Usunięta tylko przez odbiorcę' })
})

test('6: in a group it is the newest message at or before the last reading', async () => {
  expect(await memberOf('Komisja rewizyjna', 1)).toMatchObject({
    read_up_to: 'Witam wszystkich',
    last_read_at: new Date('2025-03-08T09:00:30Z'),
  })
  expect(await memberOf('Komisja rewizyjna', 3)).toMatchObject({
    read_up_to: 'Zobaczcie raport (https://example.org/raport)',
  })
  expect(await memberOf('Komisja rewizyjna', 2)).toMatchObject({ last_read_message_id: null })
})

test('7: groups keep name, description, members, mute, joining and adding; a moderator is a member', async () => {
  expect(
    await portal.ask('select name, description, owner_id from conversations where is_group order by id'),
  ).toEqual([
    { name: 'Komisja rewizyjna', description: 'Sprawy bieżące', owner_id: 1 },
    { name: 'Grupa bez właściciela', description: null, owner_id: 3 },
    { name: 'Pusta grupa', description: null, owner_id: 2 },
  ])
  expect(await memberOf('Komisja rewizyjna', 2)).toMatchObject({
    role: 'member',
    is_muted: true,
    joined_at: new Date('2025-01-01T08:01:00Z'),
    added_by_id: 1,
  })
  expect(await memberOf('Grupa bez właściciela', 3)).toMatchObject({ role: 'owner' })
})

test('7: a sender who is no member stays the sender, and does not become a member', async () => {
  expect(await messagesIn('Komisja rewizyjna', 'm.sender_id')).toEqual([1, 5, 3, 2])
  expect(await memberOf('Komisja rewizyjna', 5)).toBeUndefined()
})

test('8: attachments point to their new messages, one of nothing is left and counted', async () => {
  const rows = await portal.ask(`select a.id, m.content_text from message_attachments a
    left join messages m on m.id = a.new_message_id order by a.id`)
  expect(rows).toEqual([
    { id: 1, content_text: expect.stringContaining('czwartek') },
    { id: 2, content_text: 'Zobaczcie raport (https://example.org/raport)' },
    { id: 3, content_text: null },
  ])
  expect(report.figures).toMatchObject({ attachments: 2, attachments_of_nothing: 1 })
})

test('10: a user without a name gets the part of the e-mail before the @', async () => {
  expect(await portal.ask('select username, name from users where id = 4')).toEqual([
    { username: 'bez.nazwy', name: 'bez.nazwy' },
  ])
})
