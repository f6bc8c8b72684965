import { beforeEach, expect, test } from 'vitest'
import { upload } from '../testing/files.ts'
import { freshDatabase } from '../testing/postgres.ts'
import { type Person, startService } from '../testing/service.ts'
import { MailServer } from '../testing/smtp.ts'
import { webm } from '../testing/voice.ts'

const server = await MailServer.start()
const { anna, bartek, celina, dawid, ewa } = await startService({
  DATABASE_URL: await freshDatabase(),
  SMTP_URL: server.url,
  MAIL_FROM: 'Rozmowa <rozmowa@example.org>',
  BASE_URL: 'http://portal.example.org',
  EMAIL_DELAY_SECONDS: '600',
})
const { sql } = await import('../db/client.ts')
const { workOff } = await import('../testing/jobs.ts')
const { decide } = await import('./decide.ts')
const { mail } = await import('./mail.ts')

// No previews are fetched for the links in them.
const later = () => workOff({ notify: decide, mail, preview: async () => {} })

const group = async (owner: Person, name: string, ...others: Person[]) =>
  (await owner.post('/api/conversations', { name, member_ids: others.map(({ id }) => id) })).body.conversation
    .id as number

beforeEach(async () => {
  await later()
  server.mails.length = 0
})

test('mails about one conversation form a thread, each with an id of its own', async () => {
  const [first, second] = [await anna.talkTo(bartek), await celina.talkTo(bartek)]
  for (const text of ['raz', 'dwa']) {
    await anna.say(first, text)
    await celina.say(second, text)
    await later()
  }
  const headers = server.take('bartek@example.org').map((letter) => letter.headers)
  const thread = (id: number) => [`<rozmowa.${id}@portal.example.org>`]
  expect(new Set(headers.map((each) => each['message-id']![0])).size).toBe(4)
  expect(headers.map((each) => each.references).sort()).toEqual(
    [thread(first), thread(first), thread(second), thread(second)].sort(),
  )
  for (const each of headers) expect(each['in-reply-to']).toEqual(each.references)
  expect(headers[0]).toMatchObject({
    from: ['Rozmowa <rozmowa@example.org>'],
    'auto-submitted': ['auto-generated'],
    'list-unsubscribe-post': ['List-Unsubscribe=One-Click'],
    'list-unsubscribe': [expect.stringMatching(/^<http:\/\/portal\.example\.org\/powiadomienia\/off\./)],
  })
})

test('mails are written in the reader’s language', async () => {
  await dawid.patch('/api/users/me/settings', { locale: 'en' })
  const id = await group(anna, 'Zarząd', dawid, ewa)
  await anna.say(id, 'Witam')
  await later()
  const [english] = server.take('dawid@example.org')
  const [polish] = server.take('ewa@example.org')
  expect(english!.headers.subject).toEqual(['Zarząd: 1 new message'])
  expect(english!.html).toMatch(/lang="en"[\s\S]*Open conversation[\s\S]*Mute this conversation/)
  expect(polish!.headers.subject).toEqual(['Zarząd: 1 nowa wiadomość'])
  expect(polish!.html).toMatch(/lang="pl"[\s\S]*Otwórz rozmowę[\s\S]*Wycisz tę rozmowę/)
})

test('for a message with only a photo, the preview shows its file name', async () => {
  const id = await anna.talkTo(bartek)
  const { body } = await upload(anna, 'notatki', 'zebranie.txt')
  await anna.post(`/api/conversations/${id}/messages`, { content: '', attachment_ids: [body.attachment.id] })
  await later()
  const [letter] = server.take('bartek@example.org')
  expect(letter!.html).toContain('overflow: hidden">Anna Kowalska: zebranie.txt</div>')
  expect(letter!.text).toContain('Plik: zebranie.txt')
})

test('for a voice message, how long it is', async () => {
  const id = await anna.talkTo(bartek)
  const name = 'Wiadomość głosowa 2026-11-30 12.03.12.webm'
  const { body } = await upload(anna, webm('sound'), name, 'file', '?duration_ms=72400&waveform=1')
  await anna.say(id, '', { attachment_ids: [body.attachment.id] })
  await later()
  const [letter] = server.take('bartek@example.org')
  expect(letter!.html).toContain('Anna Kowalska: Wiadomość głosowa (1:12)</div>')
})

test('lists keep their numbers, links show their targets, and addresses are clickable', async () => {
  const id = await anna.talkTo(bartek)
  await anna.say(
    id,
    '<p>Na <a href="https://example.org/z?a=1&amp;b=2">stronie</a>:</p><ol><li>www.example.org</li><li>1 &lt; 2</li></ol>',
  )
  await later()
  const [letter] = server.take('bartek@example.org')
  expect(letter!.text).toContain(
    'Na stronie (https://example.org/z?a=1&b=2):\r\n1. www.example.org\r\n2. 1 < 2\r\n',
  )
  expect(letter!.html).toContain('<a href="https://example.org/z?a=1&amp;b=2" target="_blank"')
  expect(letter!.html).toContain('<a href="https://www.example.org" target="_blank"')
  expect(letter!.html).toContain('2. 1 &lt; 2')
})

test('a long message is not cut within a URL', async () => {
  const id = await anna.talkTo(bartek)
  await anna.say(id, `${'a '.repeat(295)}https://example.org/bardzo/dlugi/adres`)
  await later()
  const [letter] = server.take('bartek@example.org')
  expect(letter!.text).toContain('a a a…')
  expect(letter!.html).not.toContain('https://example.org')
})

const mean = [
  'Anna\r\nBcc: zly@example.com',
  'Anna\nSubject: inny',
  'Anna <zly@example.com>',
  'zly@example.com, Anna',
  '"Anna" <zly@example.com>; ktoś',
  'Anna\0Bcc: zly@example.com',
  'Anna\u2028Bcc: zly@example.com',
  'Anna =?utf-8?Q?=0ABcc:_zly=40example.com?=',
  'Anna\r\n\r\n<script>alert(1)</script>',
  '<script>alert(1)</script><img src=x onerror=alert(1)>',
  '\u202emoc.elpmaxe@ylz',
  '{{count}} $t(letter.off) <%= it.off %>',
]

test.each(mean)('a name such as %j cannot add recipients, headers or markup', async (name) => {
  const stored = name.replace('\0', '')
  const id = await group(anna, 'Zarząd', bartek)
  await sql`update users set name = ${stored} where id in (${anna.id}, ${bartek.id})`
  await sql`update conversations set name = ${stored} where id = ${id}`
  await anna.say(id, `<p>${'&lt;img src=x&gt;'} koniec</p>`)
  await later()
  await sql`update users set name = 'Anna Kowalska' where id = ${anna.id}`
  await sql`update users set name = 'Bartek Nowak' where id = ${bartek.id}`
  expect(server.mails).toHaveLength(1)
  const [letter] = server.mails
  expect(letter!.to).toEqual(['bartek@example.org'])
  expect(letter!.headers.bcc).toBeUndefined()
  expect(letter!.headers.subject).toHaveLength(1)
  expect(letter!.headers.subject![0]).toMatch(/1 nowa wiadomość$/)
  expect(letter!.headers.to).toHaveLength(1)
  expect(letter!.html).not.toMatch(/<script|<img/)
})
