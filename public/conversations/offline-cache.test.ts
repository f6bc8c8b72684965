import { beforeEach, expect, test, vi } from 'vitest'
import type { Message } from '../../server/contract/messages.ts'
import type { CachedConversation } from './offline-cache.ts'

/** The browser's storage, shared by all who sign in. */
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

/** The module as it loads for this member. */
async function open(member = 1): Promise<typeof import('./offline-cache.ts')> {
  me.id = member
  vi.resetModules()
  return import('./offline-cache.ts')
}

const message = (id: number, content = 'x') =>
  ({ id, seq: id, content, content_text: content, reactions: [] }) as unknown as Message
const kept = (id: number, messages: Message[], has_more = false) =>
  ({
    conversation: { id },
    messages: { messages, has_more, next_cursor: null },
    pins: [],
    at: new Date(id).toISOString(),
  }) as unknown as CachedConversation
const many = (count: number, content = 'x') =>
  Array.from({ length: count }, (_, i) => message(i + 1, content))

beforeEach(() => disk.clear())

test.each([
  ['an empty conversation', many(0), 0, false],
  ['a short conversation', many(3), 3, false],
  ['one with the maximum', many(50), 50, false],
  ['one beyond the maximum', many(51), 50, true],
  ['a long conversation', many(400), 50, true],
  ['one of long messages', many(20, 'x'.repeat(60_000)), 4, true],
  ['one of very long messages', many(3, 'x'.repeat(200_000)), 1, true],
])('the newest messages of %s are cached', async (_, messages, count, has_more) => {
  const before = await open()
  await before.cacheConversation(kept(7, messages))
  const after = await open()
  const found = (await after.cachedConversation(7))!.messages
  expect(found.messages).toEqual(messages.slice(messages.length - count))
  expect(found.has_more).toBe(has_more)
})

test('the last twenty conversations are cached, in memory and on disk', async () => {
  const { cacheConversation } = await open()
  for (let id = 1; id <= 25; id++) await cacheConversation(kept(id, many(1)))
  await cacheConversation(kept(6, many(2)))
  await cacheConversation(kept(26, many(1)))
  const ids = [...disk.keys()].filter(Number).map(Number)
  expect(ids.toSorted((a, b) => a - b)).toEqual([6, ...Array.from({ length: 19 }, (_, i) => i + 8)])
  for (let id = 100; id <= 130; id++) disk.set(id, kept(id, many(1)))
  const later = await open()
  await later.cachedConversation(1)
  expect([...disk.keys()].filter(Number)).toHaveLength(20)
})

test('deleted messages and inaccessible conversations are removed from the cache', async () => {
  const { cacheConversation, evictConversation, evictMessage, cachedConversation } = await open()
  await cacheConversation(kept(7, many(3, 'tajne')))
  await evictMessage(7, 2)
  const found = (await cachedConversation(7))!.messages.messages
  expect(found.map(({ content }) => content)).toEqual(['tajne', null, 'tajne'])
  // So that catching up still starts where this copy ends.
  expect(found.map(({ seq }) => seq)).toEqual([1, 2, 3])
  await evictMessage(8, 2)
  await evictConversation(7)
  expect(await cachedConversation(7)).toBeUndefined()
  expect([...disk.keys()]).toEqual(['owner'])
})

test('nothing remains after signing out, even if a write is still under way', async () => {
  const { cacheConversation, clearCache, cachedConversation } = await open()
  await cacheConversation(kept(7, many(3, 'tajne')))
  const late = cacheConversation(kept(8, many(3, 'tajne')))
  await clearCache()
  await late
  await cacheConversation(kept(9, many(3, 'tajne')))
  expect(disk.size).toBe(0)
  expect(await cachedConversation(7)).toBeUndefined()
})

test('another member finds nothing of the previous one', async () => {
  const annas = await open(1)
  await annas.cacheConversation(kept(7, many(3, 'tajne')))
  const bartkas = await open(2)
  expect(await bartkas.cachedConversation(7)).toBeUndefined()
  expect(JSON.stringify([...disk])).not.toContain('tajne')
})
