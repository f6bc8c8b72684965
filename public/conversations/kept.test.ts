import { beforeEach, expect, test, vi } from 'vitest'
import type { Message } from '../../server/contract/messages.ts'
import type { Kept } from './kept.ts'

/** What the browser keeps, whoever is signed in. */
const disk = new Map<unknown, unknown>()
vi.mock('idb-keyval', () => ({
  createStore: () => undefined,
  get: async (key: unknown) => structuredClone(disk.get(key)),
  set: async (key: unknown, value: unknown) => void disk.set(key, structuredClone(value)),
  del: async (key: unknown) => void disk.delete(key),
  clear: async () => disk.clear(),
  entries: async () => [...disk],
}))
const me = { id: 1 }
vi.mock('../page.ts', () => ({ page: { me } }))

/** The page as it is opened by this member. */
async function open(member = 1): Promise<typeof import('./kept.ts')> {
  me.id = member
  vi.resetModules()
  return import('./kept.ts')
}

const message = (id: number, content = 'x') =>
  ({ id, seq: id, content, content_text: content, reactions: [] }) as unknown as Message
const kept = (id: number, messages: Message[], has_more = false) =>
  ({
    conversation: { id },
    messages: { messages, has_more, next_cursor: null },
    pins: [],
    at: new Date(id).toISOString(),
  }) as unknown as Kept
const many = (count: number, content = 'x') =>
  Array.from({ length: count }, (_, i) => message(i + 1, content))

beforeEach(() => disk.clear())

test.each([
  ['an empty one', many(0), 0, false],
  ['a short one', many(3), 3, false],
  ['as many as are kept', many(50), 50, false],
  ['one more', many(51), 50, true],
  ['a long one', many(400), 50, true],
  ['one of long messages', many(20, 'x'.repeat(60_000)), 4, true],
  ['one of very long messages', many(3, 'x'.repeat(200_000)), 1, true],
])('of %s the newest messages are kept', async (_, messages, count, has_more) => {
  const before = await open()
  await before.keep(kept(7, messages))
  const after = await open()
  const found = (await after.keptOf(7))!.messages
  expect(found.messages).toEqual(messages.slice(messages.length - count))
  expect(found.has_more).toBe(has_more)
})

test('the twenty conversations opened last are kept, in memory and beyond', async () => {
  const { keep } = await open()
  for (let id = 1; id <= 25; id++) await keep(kept(id, many(1)))
  await keep(kept(6, many(2)))
  await keep(kept(26, many(1)))
  const ids = [...disk.keys()].filter(Number).map(Number)
  expect(ids.toSorted((a, b) => a - b)).toEqual([6, ...Array.from({ length: 19 }, (_, i) => i + 8)])
  for (let id = 100; id <= 130; id++) disk.set(id, kept(id, many(1)))
  const later = await open()
  await later.keptOf(1)
  expect([...disk.keys()].filter(Number)).toHaveLength(20)
})

test('what was deleted for everybody, or is no longer to be seen, is not kept', async () => {
  const { keep, forgetKept, forgetMessage, keptOf } = await open()
  await keep(kept(7, many(3, 'tajne')))
  await forgetMessage(7, 2)
  const found = (await keptOf(7))!.messages.messages
  expect(found.map(({ content }) => content)).toEqual(['tajne', null, 'tajne'])
  // So that catching up still begins where this copy ends.
  expect(found.map(({ seq }) => seq)).toEqual([1, 2, 3])
  await forgetMessage(8, 2)
  await forgetKept(7)
  expect(await keptOf(7)).toBeUndefined()
  expect([...disk.keys()]).toEqual(['owner'])
})

test('nothing stays after signing out, whatever is still to be kept', async () => {
  const { keep, forgetAllKept, keptOf } = await open()
  await keep(kept(7, many(3, 'tajne')))
  const late = keep(kept(8, many(3, 'tajne')))
  await forgetAllKept()
  await late
  await keep(kept(9, many(3, 'tajne')))
  expect(disk.size).toBe(0)
  expect(await keptOf(7)).toBeUndefined()
})

test('another member finds nothing of the one before', async () => {
  const annas = await open(1)
  await annas.keep(kept(7, many(3, 'tajne')))
  const bartkas = await open(2)
  expect(await bartkas.keptOf(7)).toBeUndefined()
  expect(JSON.stringify([...disk])).not.toContain('tajne')
})
