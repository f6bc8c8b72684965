import { expect, test } from 'vitest'
import type { Conversation } from '../../server/contract/conversations.ts'
import type { OwnUser } from '../../server/contract/users.ts'
import { readerOf } from '../reader.ts'
import { handlesIn, handlesOf } from './handles.ts'

const named = (...names: string[]) =>
  names.map((display_name, i) => ({ user_id: i + 1, username: `u${i + 1}`, display_name }))

test.each([
  [['Anna Nowak', 'Jan Nowak'], []],
  [
    ['Anna Nowak', 'Anna Nowak', 'Jan Nowak'],
    [1, 2],
  ],
  [
    ['Łukasz Żak', 'LUKASZ ZAK'],
    [1, 2],
  ],
  [
    ['Anna  Nowak', 'Anna\u00a0Nowak'],
    [1, 2],
  ],
  [
    ['An\u00adna', 'Anna\u200b'],
    [1, 2],
  ],
  [
    ['O’Neil', "O'Neil"],
    [1, 2],
  ],
  [
    ['Zażółć', 'Zaz\u0307o\u0301łc\u0301'],
    [1, 2],
  ],
  [
    ['Ａnna', 'Anna'],
    [1, 2],
  ],
  [
    ['Nowak-Kos', 'Nowak–Kos'],
    [1, 2],
  ],
  [
    ['Anna', 'Anna', 'ANNA', 'Ewa', 'Ewa'],
    [1, 2, 3, 4, 5],
  ],
])('among %j, %j are shown with their @username', (names, marked) => {
  const handles = handlesOf(named(...names))
  expect([...handles.keys()].sort()).toEqual(marked)
  for (const [id, handle] of handles) expect(handle).toBe(`@u${id}`)
})

test('the list considers the partners of 1:1 conversations, each of them once', () => {
  const reader = readerOf({ me: { id: 9 } as OwnUser, locale: 'pl', zone: 'UTC', sprite: '' })
  const [anna, other, ewa] = named('Anna', 'anna', 'Ewa')
  const me = { user_id: 9, username: 'ja', display_name: 'Ewa' }
  const direct = (id: number, ...members: object[]) => ({ id, is_group: false, members }) as Conversation
  const group = { id: 4, is_group: true, members: [anna, other] } as unknown as Conversation
  const list = [direct(1, me, anna!), direct(2, other!, me), direct(3, me, ewa!), group, direct(5, me)]
  expect([...handlesIn(list, reader)].filter(([, handle]) => handle)).toEqual([
    [1, '@u1'],
    [2, '@u2'],
  ])
  expect([...handlesIn([list[0]!, list[0]!], reader).values()].join('')).toBe('')
})
