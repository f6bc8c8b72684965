import { afterEach, expect, test, vi } from 'vitest'
import type { Conversation, ConversationPage, Filter } from '../../server/contract/conversations.ts'
import { api, type Choice } from '../api.ts'
import { Conversations } from './conversations.ts'

const all = (filter: Filter = 'all', query = ''): Choice => ({ filter, query })

/** The server's 120 conversations, latest first; every tenth has unread messages, every seventh is a group. */
const everything = Array.from({ length: 120 }, (_, i) => {
  const id = i + 1
  const about = { is_archived: id % 50 === 0, is_muted: id === 40, is_group: id % 7 === 0 }
  const updated_at = new Date(Date.UTC(2026, 10, 20) - id * 60_000).toISOString()
  const members = [{ user_id: 1 }, { user_id: 1000 + id }]
  return {
    id,
    seq: 1,
    title: `Osoba ${id}`,
    unread_count: id % 10 ? 0 : 2,
    unread_mentions: 0,
    updated_at,
    members,
    ...about,
  }
}) as Conversation[]

const fits: Record<Filter, (each: Conversation) => boolean> = {
  all: (each) => !each.is_archived,
  any: () => true,
  unread: (each) => !each.is_archived && each.unread_count > 0,
  groups: (each) => !each.is_archived && each.is_group,
  archived: (each) => each.is_archived,
}

function answer({ filter, query }: Choice, cursor?: string | null, limit = 30): ConversationPage {
  const found = everything.filter((each) => fits[filter](each) && each.title.includes(query))
  const start = Number(cursor ?? 0)
  const has_more = found.length > start + limit
  return {
    conversations: found.slice(start, start + limit).map((each) => ({ ...each })),
    has_more,
    next_cursor: has_more ? String(start + limit) : null,
    unread_total: everything
      .filter((each) => fits.unread(each) && !each.is_muted)
      .reduce((sum, each) => sum + each.unread_count, 0),
  }
}

const requests = vi.spyOn(api, 'conversations').mockImplementation(async (...query) => answer(...query))
afterEach(() => requests.mockClear())
function begin(first = answer(all())): Conversations {
  const list = new Conversations(1)
  list.begin(first)
  return list
}
const ids = (list: Conversation[]) => list.map(({ id }) => id)

test.each<[Filter, string, number]>([
  ['all', '', 118],
  ['any', '', 120],
  ['unread', '', 10],
  ['groups', '', 17],
  ['archived', '', 2],
  ['any', 'Osoba 11', 11],
  ['any', 'Osoba 100', 1],
  ['all', 'Osoba 100', 0],
  ['groups', 'Osoba 7', 3],
  ['any', 'nikt', 0],
])('the list %s with the query “%s” loads all %i without gaps on the way', async (filter, query, count) => {
  const list = begin()
  const choice = all(filter, query)
  const whole = ids(everything.filter((each) => fits[filter](each) && each.title.includes(query)))
  expect(whole).toHaveLength(count)
  for (let pages = 0; pages < 6; pages++) {
    const shown = ids(list.shown(choice))
    if (!query) expect(shown).toEqual(whole.slice(0, shown.length))
    await list.loadMore(choice)
  }
  expect(ids(list.shown(choice))).toEqual(whole)
})

test('a known conversation beyond the loaded part is not shown, unless it is open', async () => {
  const list = begin()
  list.put(everything[99]!)
  list.put(everything[69]!)
  expect(ids(list.shown(all()))).not.toContain(70)
  expect(ids(list.shown(all(), 70)).at(-1)).toBe(70)
  await list.loadMore(all())
  await list.loadMore(all())
  expect(ids(list.shown(all()))).toContain(70)
  expect(list.shown(all('any', 'Osoba 100'))).toHaveLength(1)
})

test('activity moves a conversation from far down to the top', async () => {
  const list = begin()
  list.put({ ...everything[99]!, is_archived: false, seq: 2, updated_at: '2026-11-25T00:00:00.000Z' })
  expect(ids(list.shown(all()))[0]).toBe(100)
})

test('unread messages are counted from the start, and their conversations loaded soon after', async () => {
  const list = begin()
  const total = answer(all()).unread_total
  expect(list.unread).toBe(total)
  await list.refresh()
  expect(list.unread).toBe(total)
  await list.read({ conversation_id: 110, user_id: 1, message_id: 1, read_at: '' })
  expect(list.unread).toBe(total - 2)
  expect(requests.mock.calls.filter(([choice]) => choice.filter === 'unread')).toHaveLength(1)
})

test('nothing more is loaded when there is nothing unread further down', async () => {
  const list = begin({ ...answer(all()), unread_total: 0 })
  await list.loadUnread({ ...answer(all()), unread_total: 4 })
  expect(requests).not.toHaveBeenCalled()
})

test('after a lost connection the list is reloaded as far as before, without removed conversations', async () => {
  const list = begin()
  await list.loadMore(all())
  await list.loadMore(all())
  const [gone] = everything.splice(35, 1)
  await list.refresh()
  everything.splice(35, 0, gone!)
  expect(ids(list.shown(all()))).not.toContain(gone!.id)
  expect(list.shown(all()).length).toBeGreaterThanOrEqual(90)
  expect(list.get(gone!.id)).toBeUndefined()
})

test('concurrent requests for the same page are made once', async () => {
  const list = begin()
  await Promise.all([list.loadMore(all()), list.loadMore(all()), list.loadMore(all())])
  expect(requests).toHaveBeenCalledTimes(1)
})

test('the 1:1 with a person is found', () => {
  const list = begin()
  expect(list.directWith(1003)?.id).toBe(3)
  expect(list.directWith(1007)).toBeUndefined()
  expect(list.directWith(9)).toBeUndefined()
})
