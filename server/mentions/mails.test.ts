import { beforeEach, expect, test } from 'vitest'
import { freshDatabase } from '../testing/postgres.ts'
import { startService } from '../testing/service.ts'
import { MailServer } from '../testing/smtp.ts'

const server = await MailServer.start()
const { anna, bartek, celina } = await startService({
  DATABASE_URL: await freshDatabase(),
  SMTP_URL: server.url,
  MAIL_FROM: 'Rozmowa <rozmowa@example.org>',
  BASE_URL: 'http://portal.example.org',
  EMAIL_DELAY_SECONDS: '600',
})
const { workOff } = await import('../testing/jobs.ts')
const { decide } = await import('../notifications/decide.ts')
const { mail } = await import('../notifications/mail.ts')
const { mailMentioned } = await import('../notifications/mentioned.ts')
const { whyNotified } = await import('../notifications/why.ts')
const { sql } = await import('../db/client.ts')

/** What an edit leaves, leaves a mail for later. */
const later = async () => {
  for (let times = 0; times < 2; times++) await workOff({ notify: decide, mail, mentioned: mailMentioned })
}
const mention = `<p>Pytanie: <span class="mention" data-user-id="${bartek.id}">@Bartek</span></p>`
const edit = (id: number, content: string) => anna.patch(`/api/messages/${id}`, { content })
const why = async (id: number) => (await whyNotified(id, bartek.id)).outcome

/** A group of Anna's, with what Bartek wants to be notified of. */
async function group(notify: 'all' | 'mentions' | 'none'): Promise<number> {
  const { body } = await anna.post('/api/conversations', {
    name: 'Zarząd',
    member_ids: [bartek.id, celina.id],
  })
  const { id } = body.conversation
  await celina.patch(`/api/conversations/${id}/settings`, { notify: 'none' })
  await bartek.patch(`/api/conversations/${id}/settings`, { notify })
  return id
}

/** What Bartek was mailed: of each mail the texts of Anna's messages in it. */
const mailed = () => {
  expect(server.mails.every(({ to }) => String(to) === 'bartek@example.org')).toBe(true)
  return server.mails.map(({ text }) =>
    ['zwykła', 'Pytanie', 'druga'].filter((words) => text.includes(words)),
  )
}

beforeEach(async () => {
  await later()
  server.mails.length = 0
})

test.each([
  ['all', ['zwykła'], [['zwykła']]],
  ['all', ['zwykła', mention], [['zwykła', 'Pytanie']]],
  ['mentions', ['zwykła'], []],
  ['mentions', ['zwykła', mention, 'druga'], [['Pytanie']]],
  ['none', ['zwykła', mention], []],
] as const)('with %s, of %j the mail is %j', async (notify, contents, mails) => {
  const id = await group(notify)
  const sent = []
  for (const content of contents) sent.push(await anna.say(id, content))
  await later()
  expect(mailed()).toEqual(mails)
  for (const { id: message, mentions } of sent) {
    const isTold = notify === 'all' || (notify === 'mentions' && mentions.length > 0)
    expect(await why(message)).toBe(isTold ? 'sent' : 'muted')
  }
  await later()
  expect(server.mails).toHaveLength(mails.length)
})

test('the mail about a mention in a muted conversation says why it came, and has no link to mute it', async () => {
  const id = await group('mentions')
  await anna.say(id, mention)
  await later()
  const [letter] = server.mails
  for (const part of [letter!.text, letter!.html]) {
    expect(part).toMatch(/wspomina\s+o\s+tobie/)
    expect(part).not.toContain('Wycisz')
  }
})

const undone: [string, (id: number, message: number) => Promise<unknown>, string][] = [
  ['it is read', (id) => bartek.post(`/api/conversations/${id}/read`), 'muted'],
  ['it is deleted', (_, message) => anna.delete(`/api/messages/${message}`), 'deleted'],
  ['an edit takes it out', (_, message) => edit(message, 'bez'), 'muted'],
  [
    'mentions are muted, too',
    (id) => bartek.patch(`/api/conversations/${id}/settings`, { notify: 'none' }),
    'muted',
  ],
  ['they leave', (id) => bartek.delete(`/api/conversations/${id}/members/${bartek.id}`), 'no_member'],
]

test.each(undone)('nothing is mailed about a mention when %s in time', async (_, happen, outcome) => {
  const id = await group('mentions')
  const { id: message } = await anna.say(id, mention)
  await happen(id, message)
  await later()
  expect(mailed()).toEqual([])
  expect(await why(message)).toBe(outcome)
})

test.each(undone)('nor when %s between the decision and the mail', async (_, happen) => {
  const id = await group('mentions')
  const { id: message } = await anna.say(id, mention)
  await workOff({ notify: decide, mail: async () => {}, mentioned: mailMentioned })
  await happen(id, message)
  await mail({ conversation_id: id, user_id: bartek.id })
  expect(mailed()).toEqual([])
})

test('who is mentioned by an edit is mailed once, however often it is taken out and put back', async () => {
  const id = await group('mentions')
  const { id: message } = await anna.say(id, 'zwykła')
  await anna.say(id, 'druga')
  await later()
  expect([mailed(), await why(message)]).toEqual([[], 'muted'])
  for (let times = 0; times < 3; times++) {
    await edit(message, mention)
    await later()
    expect([mailed(), await why(message)]).toEqual([[['Pytanie']], 'sent'])
    await edit(message, 'zwykła')
  }
})

test('an edit in time makes one mail, and one after the mail none', async () => {
  const muted = await group('mentions')
  await edit((await anna.say(muted, 'zwykła')).id, mention)
  await later()
  expect(mailed()).toEqual([['Pytanie']])
  const { id } = await anna.say(await group('all'), 'zwykła')
  await later()
  await edit(id, mention)
  await later()
  expect(mailed()).toEqual([['Pytanie'], ['zwykła']])
})

test.each([
  ['has read it', (id: number) => bartek.post(`/api/conversations/${id}/read`)],
  [
    'has muted mentions',
    (id: number) => bartek.patch(`/api/conversations/${id}/settings`, { notify: 'none' }),
  ],
])('an edit mails nobody who %s', async (_, happen) => {
  const id = await group('mentions')
  const { id: message } = await anna.say(id, 'zwykła')
  await later()
  await happen(id)
  await edit(message, mention)
  await later()
  expect(mailed()).toEqual([])
})

test.each([
  ['lasts', '1 hour', []],
  ['has ended', '-1 second', [['zwykła']]],
])('while a mute for a time %s, a mail is left out; then not', async (_, until, mails) => {
  const id = await group('mentions')
  await sql`
    update conversation_members set muted_until = now() + ${until}::interval
    where conversation_id = ${id} and user_id = ${bartek.id}`
  await anna.say(id, 'zwykła')
  await later()
  expect(mailed()).toEqual(mails)
})

test('what is marked as unread after it was read is not mailed about', async () => {
  const id = await group('all')
  const { id: message_id } = await anna.say(id, 'zwykła')
  await bartek.post(`/api/conversations/${id}/read`)
  await bartek.post(`/api/conversations/${id}/unread`, { message_id })
  await later()
  expect(mailed()).toEqual([])
})

test('of a muted range only what an edit mentions is mailed, though they hear of everything by now', async () => {
  const id = await group('mentions')
  await anna.say(id, 'zwykła')
  const { id: message } = await anna.say(id, 'druga')
  await anna.say(id, 'zwykła')
  await later()
  await bartek.patch(`/api/conversations/${id}/settings`, { notify: 'all' })
  await edit(message, mention)
  await later()
  expect(mailed()).toEqual([['Pytanie']])
})

test('each message of a muted range that an edit mentions them in is mailed', async () => {
  const id = await group('mentions')
  const sent = []
  for (const content of ['zwykła', 'zwykła', 'zwykła', 'druga']) sent.push((await anna.say(id, content)).id)
  await later()
  for (const [times, message] of [sent[1]!, sent[0]!, sent[2]!, sent[3]!].entries()) {
    await edit(message, mention)
    await later()
    expect([mailed().length, await why(message)]).toEqual([times + 1, 'sent'])
  }
})
