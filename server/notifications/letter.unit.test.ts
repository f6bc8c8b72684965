import { expect, test } from 'vitest'
import { mailTextsIn } from '../../views/notifications/texts/mail-texts.ts'
import type { Contents } from './store.ts'

Object.assign(process.env, {
  BASE_URL: 'https://portal.example.org',
  SESSION_SECRET: 'only for tests, only for tests',
})
const { writeLetter } = await import('./letter.ts')
const { linkTo, readLink } = await import('./links.ts')

const message = (id: number, text: string, more = {}) => ({
  id,
  sender: 'Anna Kowalska',
  text,
  files: [] as string[],
  created_at: '2026-11-29T17:05:00.000Z',
  ...more,
})

const contents = (more: Partial<Contents> = {}): Contents => ({
  conversationId: 7,
  isGroup: false,
  title: 'Nazwa z rozmowy',
  reader: { id: 2, name: 'Bartek\nZieliński', email: 'bartek@example.org', locale: 'pl' },
  onlyMentions: false,
  count: 1,
  messages: [message(41, 'Dzień dobry')],
  ...more,
})

test('a mail says who writes what, where to answer, and how to unsubscribe', () => {
  const letter = writeLetter(contents(), 41)
  expect(letter).toMatchObject({
    to: { name: 'Bartek Zieliński', address: 'bartek@example.org' },
    subject: 'Anna Kowalska: 1 nowa wiadomość',
    messageId: '<rozmowa.7.2.41@portal.example.org>',
    threadId: '<rozmowa.7@portal.example.org>',
    listId: '<7.rozmowa.portal.example.org>',
    unsubscribe: linkTo({ action: 'off', userId: 2 }),
  })
  for (const part of [letter.text, letter.html]) {
    for (const said of [
      'Anna Kowalska',
      '18:05',
      'Dzień dobry',
      'https://portal.example.org/wiadomosci/7',
      linkTo({ action: 'mute', userId: 2, conversationId: 7 }),
      linkTo({ action: 'off', userId: 2 }),
    ])
      expect(part).toContain(said)
    expect(part).not.toContain('Nazwa z rozmowy')
  }
  expect(letter.html).toContain('Anna Kowalska: Dzień dobry</div>')
})

test.each<[what: string, more: Partial<Contents>, subject: string]>([
  ['of a group its name is shown', { isGroup: true, title: 'Zarząd' }, 'Zarząd: 1 nowa wiadomość'],
  [
    'of nobody’s message the conversation’s',
    { messages: [], count: 0 },
    'Nazwa z rozmowy: 0 nowych wiadomości',
  ],
  [
    'of a long name the first 150 signs',
    { isGroup: true, title: 'Ż'.repeat(200) },
    `${'Ż'.repeat(150)}: 1 nowa wiadomość`,
  ],
  [
    'in English',
    { reader: { id: 2, name: 'B', email: 'b@example.org', locale: 'en' }, count: 2 },
    'Anna Kowalska: 2 new messages',
  ],
])('%s', (_, more, subject) => {
  expect(writeLetter(contents(more), 1).subject).toBe(subject)
})

test('messages that are not shown are counted', () => {
  const more = (count: number) => mailTextsIn('pl')('letter.more', { count })
  const [all, some] = [1, 4].map((count) => writeLetter(contents({ count }), 1).text)
  expect(some).toContain(more(3))
  expect(all).not.toContain(more(0))
})

test('several messages are shown in order, with their files', () => {
  const messages = [
    message(41, 'pierwsza'),
    message(42, '', { sender: 'Celina\nWójcik', files: ['a.pdf', 'b\n.png'] }),
  ]
  const { text, html } = writeLetter(contents({ isGroup: true, title: 'Zarząd', count: 2, messages }), 41)
  expect(text.indexOf('pierwsza')).toBeLessThan(text.indexOf('Celina Wójcik'))
  for (const name of ['a.pdf', 'b .png']) expect(text).toContain(name)
  expect(html).toContain('Anna Kowalska: pierwsza · Celina Wójcik: a.pdf, b .png</div>')
})

test.each([
  [1, 'pl', '1 nowa wiadomość', 'czeka nieprzeczytana wiadomość.'],
  [2, 'pl', '2 nowe wiadomości', 'czekają nieprzeczytane wiadomości.'],
  [5, 'pl', '5 nowych wiadomości', 'czekają nieprzeczytane wiadomości.'],
  [22, 'pl', '22 nowe wiadomości', 'czekają nieprzeczytane wiadomości.'],
  [25, 'pl', '25 nowych wiadomości', 'czekają nieprzeczytane wiadomości.'],
  [1, 'en', '1 new message', 'you have an unread message'],
  [2, 'en', '2 new messages', 'you have unread messages'],
  [25, 'en', '25 new messages', 'you have unread messages'],
])('with %d messages, the mail in %s uses the right forms throughout', (count, locale, counted, why) => {
  const reader = { id: 2, name: 'Bartek', email: 'bartek@example.org', locale }
  const letter = writeLetter(contents({ count, reader }), 41)
  expect(letter.subject).toBe(`Anna Kowalska: ${counted}`)
  for (const part of [letter.text, letter.html]) {
    expect(part).toContain(counted)
    expect(part).toContain(why)
  }
})

/** The lines of a message in a mail. */
function shown(text: string): string[] {
  const lines = writeLetter(contents({ messages: [message(41, text)] }), 41).text.split('\n')
  const at = lines.findIndex((line) => line.startsWith('Anna Kowalska, '))
  return lines.slice(at + 1, lines.indexOf('', at))
}

test.each([
  ['a line', 'raz', ['raz']],
  ['two lines, and blanks after them', 'raz\ndwa \n\n', ['raz', 'dwa']],
  ['nothing', '', []],
  ['600 signs', 'ż'.repeat(600), ['ż'.repeat(600)]],
  ['601 signs without a blank', 'ż'.repeat(601), [`${'ż'.repeat(600)}…`]],
  ['a word that begins before the 600th sign', `${'a '.repeat(299)}adres`, [`${'a '.repeat(298)}a…`]],
  ['words up to it', `${'a '.repeat(299)}aa bb`, [`${'a '.repeat(299)}aa…`]],
  ['more than 600 emoji', '😀'.repeat(601), [`${'😀'.repeat(600)}…`]],
  ['25 lines', Array(25).fill('x').join('\n'), Array(20).fill('x')],
])('how much is shown of %s', (_, text, lines) => {
  expect(shown(text)).toEqual(lines)
})

test.each([{ action: 'mute', userId: 2, conversationId: 7 } as const, { action: 'off', userId: 2 } as const])(
  'the link of %o is read as it was written, and by no other sign',
  (link) => {
    const address = linkTo(link)
    expect(address).toMatch(/^https:\/\/portal\.example\.org\/powiadomienia\/[\w.-]+$/)
    const token = address.slice(address.lastIndexOf('/') + 1)
    expect(readLink(token)).toEqual(link)
    for (const other of [
      token.replace('.2', '.3'),
      token.slice(0, -1),
      `${token}AAAA`,
      token.replace(/\.[\w-]+$/, '.'),
      token.replace(/\.[\w-]+$/, ''),
      `x${token}`,
      '',
      '.',
    ])
      expect([other, readLink(other)]).toEqual([other, undefined])
  },
)
