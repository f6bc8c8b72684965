import { expect, test } from 'vitest'
import type { Attachment } from '../../server/contract/attachments.ts'
import type { Member } from '../../server/contract/conversations.ts'
import type { Message } from '../../server/contract/messages.ts'
import type { Reaction } from '../../server/contract/reactions.ts'
import type { OwnUser } from '../../server/contract/users.ts'
import { readerOf } from '../reader.ts'
import { arrange, type Shown } from './arrange.ts'
import { spoken, spokenNews } from './spoken.ts'

const [ANNA, BARTEK, CELINA] = [1, 2, 3]
const people = { [ANNA]: 'Anna Kowalska', [BARTEK]: 'Bartek Zieliński', [CELINA]: 'Celina Wójcik' }
const me = { id: ANNA, display_name: people[ANNA] } as OwnUser
const reader = readerOf({ me, locale: 'pl', zone: 'Europe/Warsaw', sprite: '' })
const today = `${new Date().toLocaleDateString('sv', { timeZone: 'Europe/Warsaw' })}T11:05:00.000+01:00`

const message = (sender_id: number, text: string, more: Partial<Shown> = {}): Shown =>
  ({
    id: 7,
    kind: 'user',
    client_id: null,
    sender_id,
    sender: { id: sender_id, display_name: people[sender_id] },
    content_text: text,
    created_at: '2020-11-20T10:05:00.000Z',
    attachments: [],
    reactions: [],
    ...more,
  }) as unknown as Shown

const picture = (filename: string) =>
  ({ filename, mime_type: 'image/png', width: 9, height: 9 }) as Attachment
const paper = (filename: string, size_bytes = 1_500_000) =>
  ({ filename, mime_type: 'application/pdf', size_bytes, width: null }) as Attachment
const reaction = (emoji: string, user_id: number) =>
  ({ emoji, user_id, user_name: people[user_id] ?? `Osoba ${user_id}` }) as Reaction
const readTo = (user_id: number) =>
  ({
    user_id,
    display_name: people[user_id] ?? `Osoba ${user_id}`,
    last_read_message_id: 7,
    last_read_at: today,
  }) as Member

function announced(shown: Shown, members: Member[], isGroup = false): string {
  const log = { messages: [shown], hasOlder: true, hasNewer: false, firstUnreadId: null, isGroup, members }
  const item = arrange(log, reader).find((each) => each.template === 'messages/message')!
  const { before, after } = spoken(item, reader)
  return `${before} ${shown.content_text}${after}`
}

const reply = (sender_id: number, more: object = {}) => ({
  reply_to: {
    id: 3,
    sender_id,
    sender_name: people[sender_id]!,
    excerpt: 'Kto przyjdzie?',
    is_deleted: false,
    ...more,
  },
})
const when = '20 lis 2020, 11:05'

test.each<[string, Shown, string, Member[]?, boolean?]>([
  ['text', message(BARTEK, 'Cześć'), `Bartek Zieliński, ${when}: Cześć`],
  [
    'the date',
    message(BARTEK, 'Cześć', { created_at: '2019-05-01T10:05:00.000Z' }),
    'Bartek Zieliński, 1 maj 2019, 12:05: Cześć',
  ],
  ['mine, which nobody has', message(ANNA, 'Cześć'), `Ty, ${when}: Cześć, wysłano`],
  ['mine, which was read', message(ANNA, 'Cześć'), `Ty, ${when}: Cześć, przeczytano`, [readTo(BARTEK)]],
  ['what is on its way', message(ANNA, 'Cześć', { outgoing: 'sending' }), `Ty, ${when}: Cześć, wysyłanie`],
  ['what was not sent', message(ANNA, 'Cześć', { outgoing: 'failed' }), `Ty, ${when}: Cześć, nie wysłano`],
  [
    'a reply to me',
    message(BARTEK, 'Ja', reply(ANNA)),
    `Bartek Zieliński, ${when}, odpowiedź do: Ty, „Kto przyjdzie?”: Ja`,
  ],
  [
    'a reply to a deleted message',
    message(BARTEK, 'Ja', reply(CELINA, { is_deleted: true })),
    `Bartek Zieliński, ${when}, odpowiedź do: Celina Wójcik, „Wiadomość usunięta”: Ja`,
  ],
  [
    'a reply to a picture without text',
    message(BARTEK, 'Ładne', reply(CELINA, { excerpt: '' })),
    `Bartek Zieliński, ${when}, odpowiedź do: Celina Wójcik, „Załącznik”: Ładne`,
  ],
  [
    'that it was forwarded',
    message(BARTEK, 'Ważne', { forwarded_from: { sender_name: 'Ewa' } as Shown['forwarded_from'] }),
    `Bartek Zieliński, ${when}, przekazano od: Ewa: Ważne`,
  ],
  [
    'a picture without text',
    message(BARTEK, '', { attachments: [picture('kot.png')] }),
    `Bartek Zieliński, ${when}: zdjęcie kot.png`,
  ],
  [
    'a picture and a file with text',
    message(BARTEK, 'Oto', { attachments: [picture('kot.png'), paper('umowa.pdf')] }),
    `Bartek Zieliński, ${when}: Oto, zdjęcie kot.png, plik umowa.pdf, 1,4 MB`,
  ],
  [
    'many files',
    message(BARTEK, '', { attachments: ['a', 'b', 'c', 'd', 'e', 'f'].map((name) => picture(name)) }),
    `Bartek Zieliński, ${when}: zdjęcie a, zdjęcie b, zdjęcie c, zdjęcie d, i jeszcze 2`,
  ],
  [
    'reactions, including mine',
    message(BARTEK, 'Cześć', {
      reactions: [reaction('👍', ANNA), reaction('👍', CELINA), reaction('❤️', BARTEK)],
    }),
    `Bartek Zieliński, ${when}: Cześć, reakcje: 👍 Anna Kowalska, Celina Wójcik, ❤️ Bartek Zieliński`,
  ],
  [
    'many reactions as a count',
    message(BARTEK, 'Cześć', {
      reactions: Array.from({ length: 30 }, (_, index) => reaction('👍', index + 9)),
    }),
    `Bartek Zieliński, ${when}: Cześć, reakcje: 👍 30`,
  ],
  [
    'all states together',
    message(ANNA, 'Cześć', { is_pinned: true, edited_at: today }),
    `Ty, ${when}: Cześć, przypięta, edytowano, wysłano, przeczytane: Bartek Zieliński, Celina Wójcik`,
    [readTo(BARTEK), readTo(CELINA)],
    true,
  ],
  [
    'many readers as a count',
    message(ANNA, 'Cześć'),
    `Ty, ${when}: Cześć, wysłano, przeczytane: 30 osób`,
    Array.from({ length: 30 }, (_, index) => readTo(index + 9)),
    true,
  ],
  [
    'the title of a link',
    message(BARTEK, 'Patrz', {
      link_preview: { url: 'https://a.pl', title: 'Statut' } as Shown['link_preview'],
    }),
    `Bartek Zieliński, ${when}: Patrz, link: Statut`,
  ],
])('a screen reader announces %s', (_, shown, words, members = [], isGroup = false) => {
  expect(announced(shown, members, isGroup)).toBe(words)
})

test('a deleted message is announced with author and time only', () => {
  const gone = message(ANNA, '', { is_deleted: true, edited_at: today, is_pinned: true })
  expect(announced(gone, [readTo(BARTEK)])).toBe(`Ty, ${when}: `)
})

test.each<[string, Message, string]>([
  ['with its author', message(BARTEK, 'Cześć'), 'Bartek Zieliński: Cześć'],
  ['in one line', message(BARTEK, 'Raz\n\ndwa   trzy'), 'Bartek Zieliński: Raz dwa trzy'],
  [
    'with its files',
    message(BARTEK, '', { attachments: [picture('kot.png')] }),
    'Bartek Zieliński: zdjęcie kot.png',
  ],
  [
    'with text and files',
    message(BARTEK, 'Oto', { attachments: [paper('umowa.pdf', 900)] }),
    'Bartek Zieliński: Oto, plik umowa.pdf, 900 B',
  ],
  [
    'with the message it replies to',
    message(BARTEK, 'Ja', reply(ANNA)),
    'Bartek Zieliński: odpowiedź do: Ty, „Kto przyjdzie?”, Ja',
  ],
  [
    'as it is, when it is a system line',
    message(BARTEK, 'Anna dodała Ewę', { kind: 'system' }),
    'Anna dodała Ewę',
  ],
  ['not for minutes', message(BARTEK, '🐈'.repeat(400)), `Bartek Zieliński: ${'🐈'.repeat(300)}…`],
])('a new message is announced %s', (_, shown, words) => {
  expect(spokenNews(shown, reader)).toBe(words)
})
