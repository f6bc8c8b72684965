import { expect, test, vi } from 'vitest'
import type { Message, MessagePage } from '../../server/contract/messages.ts'
import { api } from '../api.ts'
import { withOwn } from './own.ts'
import { Paging } from './paging.ts'
import { Stretch } from './stretch.ts'

const message = (id: number, more: Partial<Message> = {}) => ({ id, seq: id, ...more }) as Message
const page = { has_more: false, next_cursor: null, seq: 3 }

test.each([
  ['keeps its star, where all members are told the same', message(1), true],
  ['has no star any more, where its reader is told so', message(1, { is_starred: false }), false],
  ['has a new star', message(1, { is_starred: true }), true],
])('a changed message %s', (_, told, is_starred) => {
  expect(withOwn(told, { is_starred: true }).is_starred).toBe(is_starred)
})

test('a page that had no stream learns what was starred meanwhile, and what is no more', async () => {
  const messages = [
    message(1, { is_starred: true }),
    message(2),
    message(3, { is_starred: true }),
    message(4),
  ]
  const stretch = new Stretch({ ...page, messages } as MessagePage)
  const changes = vi.spyOn(api, 'changes').mockImplementation(async () => {
    // Heard while the answer is on its way, which does not know of it yet.
    stretch.patch(4, (each) => ({ ...each, is_starred: true }))
    return { ...page, messages: [], starred_ids: [2, 3] } as never
  })
  await new Paging(1, stretch, new AbortController().signal).catchUp()
  expect(changes.mock.lastCall?.[1]).toEqual({ after_seq: 3, stars_from_id: 1 })
  expect(stretch.messages.filter((each) => each.is_starred).map(({ id }) => id)).toEqual([2, 3, 4])
})
