import { expect, test } from 'vitest'
import type { LockedConversation } from './conversation.ts'
import {
  mayAddMembers,
  mayDelete,
  mayDeleteConversation,
  mayEdit,
  mayForward,
  mayPin,
  mayReact,
  mayRemove,
  mayRemovePreview,
  mayRename,
  mayVote,
  type Subject,
} from './rights.ts'

const [me, other] = [1, 2]
const own: Subject = { sender_id: me, kind: 'user', is_deleted: false, is_old: false, is_poll: false }
const messages = {
  own,
  'somebody else’s': { ...own, sender_id: other },
  deleted: { ...own, is_deleted: true },
  old: { ...own, is_old: true },
  'a system line': { ...own, kind: 'system' },
  'a poll': { ...own, is_poll: true },
} satisfies Record<string, Subject>

/** @returns the code of the problem, or 'fine' */
function outcome(rule: () => void): string {
  try {
    rule()
    return 'fine'
  } catch (problem) {
    expect(problem).toMatchObject({ status: 403, message: expect.stringMatching(/^[A-Z].{10,}\.$/) })
    return (problem as { code: string }).code
  }
}

const about: [
  rule: string,
  may: (message: Subject) => void,
  expected: Partial<Record<keyof typeof messages, string>>,
][] = [
  ['edits', (message) => mayEdit(me, message), { own: 'fine', old: 'edit_window_expired' }],
  [
    'deletes',
    (message) => mayDelete(me, message),
    { own: 'fine', old: 'fine', deleted: 'fine', 'a poll': 'fine' },
  ],
  [
    'removes a preview',
    (message) => mayRemovePreview(me, message),
    { own: 'fine', old: 'fine', deleted: 'fine', 'a poll': 'fine' },
  ],
  ...(
    [
      ['reacts', mayReact],
      ['pins', mayPin],
      ['forwards', mayForward],
    ] as const
  ).map(([rule, may]): [string, (message: Subject) => void, Record<string, string>] => [
    rule,
    may,
    { own: 'fine', 'somebody else’s': 'fine', old: 'fine', 'a poll': 'fine' },
  ]),
  ['votes', (message) => mayVote(message, false), { 'a poll': 'fine' }],
  ['votes too late', (message) => mayVote(message, true), {}],
]

test.each(about)('a user who %s may do so to the messages allowed, and to no others', (_, may, expected) => {
  for (const [name, message] of Object.entries(messages))
    expect([name, outcome(() => may(message))]).toEqual([
      name,
      expected[name as keyof typeof messages] ?? 'forbidden',
    ])
})

const place = (is_group: boolean, role: 'owner' | 'member') => ({
  conversation: { is_group } as LockedConversation,
  role,
})

test.each([
  ['rename', (at: ReturnType<typeof place>) => mayRename(at), ['fine', 'fine', 'forbidden']],
  ['add members', (at: ReturnType<typeof place>) => mayAddMembers(at), ['fine', 'forbidden', 'forbidden']],
  [
    'remove another',
    (at: ReturnType<typeof place>) => mayRemove(at, me, other),
    ['fine', 'forbidden', 'forbidden'],
  ],
  ['leave', (at: ReturnType<typeof place>) => mayRemove(at, me, me), ['fine', 'fine', 'forbidden']],
  [
    'delete it',
    (at: ReturnType<typeof place>) => mayDeleteConversation(at),
    ['fine', 'forbidden', 'forbidden'],
  ],
])('to %s: as the owner of a group, as its member, in a 1:1', (_, may, expected) => {
  const places = [place(true, 'owner'), place(true, 'member'), place(false, 'member')]
  expect(places.map((at) => outcome(() => may(at)))).toEqual(expected)
  expect(outcome(() => may(place(false, 'owner')))).toBe('forbidden')
})
