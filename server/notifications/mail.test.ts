import { beforeEach, expect, test } from 'vitest'
import { freshDatabase } from '../testing/postgres.ts'
import { type Person, startService } from '../testing/service.ts'
import { MailServer } from '../testing/smtp.ts'

const server = await MailServer.start()
const { anna, bartek, celina } = await startService({
  DATABASE_URL: await freshDatabase(),
  SMTP_URL: server.url,
  MAIL_FROM: 'Rozmowa <rozmowa@example.org>',
  BASE_URL: 'http://portal.example.org',
  EMAIL_DELAY_SECONDS: '600',
})
const { sql } = await import('../db/client.ts')
const { jobsLeft, workOff } = await import('../testing/jobs.ts')
const { decide } = await import('./decide.ts')
const { mail } = await import('./mail.ts')
const { whyNotified } = await import('./why.ts')

const later = () => workOff({ notify: decide, mail })

const outcomes = async (messageId: number) =>
  Object.fromEntries(
    (
      await Promise.all(
        Object.entries({ anna, bartek, celina }).map(
          async ([name, { id }]) => [name, (await whyNotified(messageId, id)).outcome] as const,
        ),
      )
    ).filter(([, outcome]) => outcome !== 'no_member'),
  )

const group = async (owner: Person, name: string, ...others: Person[]) =>
  (await owner.post('/api/conversations', { name, member_ids: others.map(({ id }) => id) })).body.conversation
    .id as number
const subjects = () => server.mails.map(({ to, headers }) => `${to} ${headers.subject}`)

beforeEach(async () => {
  server.fault = () => undefined
  server.mails.length = 0
  await later()
  server.mails.length = 0
})

test('an absent member gets a single mail with everything unread, and never again', async () => {
  const id = await anna.talkTo(bartek)
  await anna.say(id, 'Cześć')
  await anna.say(id, '<p>Zebranie jest <strong>jutro</strong></p><p>o osiemnastej</p>')
  await later()
  expect(subjects()).toEqual(['bartek@example.org Anna Kowalska: 2 nowe wiadomości'])
  const [letter] = server.mails
  for (const part of [letter!.text, letter!.html]) {
    for (const words of ['Anna Kowalska', 'Cześć', 'Zebranie jest jutro', 'o osiemnastej'])
      expect(part).toContain(words)
    expect(part).toContain(`http://portal.example.org/wiadomosci/${id}`)
  }
  await later()
  expect(server.mails).toHaveLength(1)
  await anna.say(id, 'Będziesz?')
  await later()
  expect(server.mails).toHaveLength(2)
  expect(server.mails[1]!.text).toContain('Będziesz?')
  expect(server.mails[1]!.text).not.toContain('Cześć')
})

test('many messages in one conversation leave a single job', async () => {
  const id = await group(anna, 'Zarząd', bartek, celina)
  const before = await jobsLeft()
  await Promise.all(Array.from({ length: 20 }, (_, i) => anna.say(id, `punkt ${i + 1}`)))
  expect(await jobsLeft()).toBe(before + 1)
  await later()
  expect(subjects().sort()).toEqual([
    'bartek@example.org Zarząd: 20 nowych wiadomości',
    'celina@example.org Zarząd: 20 nowych wiadomości',
  ])
  expect(server.mails[0]!.text).toContain('I jeszcze 10 wiadomości.')
})

/** What happens between sending and the end of the grace period, and the outcome of the message for Bartek. */
const rule: [string, string, (id: number, messageId: number) => Promise<unknown>][] = [
  ['nothing happens', 'sent', async () => {}],
  ['they read it', 'read', (id) => bartek.post(`/api/conversations/${id}/read`)],
  [
    'they mute the conversation',
    'muted',
    (id) => bartek.patch(`/api/conversations/${id}/settings`, { is_muted: true }),
  ],
  [
    'they switch mails off',
    'off',
    () => bartek.patch('/api/users/me/settings', { notify_email_messages: false }),
  ],
  ['it is deleted', 'deleted', (_, messageId) => anna.delete(`/api/messages/${messageId}`)],
  ['the group is deleted', 'deleted', (id) => anna.delete(`/api/conversations/${id}`)],
  ['their account ends', 'inactive', () => sql`update users set is_active = false where id = ${bartek.id}`],
  [
    'their address is none',
    'no_address',
    () => sql`update users set email = 'bartek' where id = ${bartek.id}`,
  ],
  [
    'their address would be two',
    'no_address',
    () => sql`update users set email = 'a@b.pl, c@d.pl' where id = ${bartek.id}`,
  ],
]

async function restore(id: number): Promise<void> {
  await sql`
    update users set is_active = true, notify_email_messages = true, email = ${'bartek@example.org'}
    where id = ${bartek.id}`
  await bartek.patch(`/api/conversations/${id}/settings`, { is_muted: false })
}

test.each(rule)('when %s, it is %s', async (_, outcome, happen) => {
  const id = await group(anna, 'Zarząd', bartek)
  const { id: messageId } = await anna.say(id, 'Uchwała')
  await happen(id, messageId)
  await later()
  expect(await outcomes(messageId)).toEqual({
    anna: 'sender',
    bartek: outcome,
  })
  expect(server.mails.length).toBe(outcome === 'sent' ? 1 : 0)
  await restore(id)
  await later()
  expect(server.mails.length).toBe(outcome === 'sent' ? 1 : 0)
})

test.each(rule.filter(([, outcome]) => outcome !== 'sent'))(
  'when %s while the mail server is away, it is %s',
  async (_, outcome, happen) => {
    const id = await group(anna, 'Zarząd', bartek)
    const { id: messageId } = await anna.say(id, 'Uchwała')
    server.fault = () => ({ code: 421, words: 'later' })
    await later()
    expect(await outcomes(messageId)).toEqual({ anna: 'sender', bartek: 'due' })
    server.fault = () => undefined
    await happen(id, messageId)
    await later()
    expect(await outcomes(messageId)).toEqual({ anna: 'sender', bartek: outcome })
    expect(server.mails).toEqual([])
    await restore(id)
  },
)

test('a mail contains the current text, and nothing that was deleted', async () => {
  const id = await anna.talkTo(bartek)
  const edited = await anna.say(id, 'o szóstej')
  const deleted = await anna.say(id, 'nieważne')
  await anna.patch(`/api/messages/${edited.id}`, { content: 'o siódmej' })
  await anna.delete(`/api/messages/${deleted.id}`)
  await later()
  const [letter] = server.mails
  expect(letter!.headers.subject).toEqual(['Anna Kowalska: 1 nowa wiadomość'])
  expect(letter!.raw).toContain('text/html')
  expect(letter!.text).toContain('o siódmej')
  expect(letter!.text + letter!.html).not.toMatch(/o szóstej|nieważne/)
})

test('no one is mailed about system lines, or about messages from before they joined', async () => {
  const id = await group(anna, 'Zarząd', bartek)
  const { id: before } = await anna.say(id, 'przed')
  await sql`update conversation_members set joined_at = now() - interval '1 hour' where conversation_id = ${id}`
  await sql`update messages set created_at = now() - interval '1 minute' where id = ${before}`
  await anna.post(`/api/conversations/${id}/members`, { user_ids: [celina.id] })
  await anna.patch(`/api/conversations/${id}`, { name: 'Zarząd i goście' })
  await later()
  expect(await outcomes(before)).toEqual({ anna: 'sender', bartek: 'sent' })
  expect(subjects()).toEqual(['bartek@example.org Zarząd i goście: 1 nowa wiadomość'])
})
