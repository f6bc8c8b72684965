import { promisify } from 'node:util'
import { MemoryStore, type SessionData, type Store } from 'express-session'
import { expect, test } from 'vitest'
import { LayeredStore } from './session-store.ts'

/** A store that can be away, and counts how often it is asked. */
class FlakyStore extends MemoryStore {
  isAway = false
  asked = 0

  #ask<T extends unknown[]>(answer: ((...args: [error: unknown, ...T]) => void) | undefined, go: () => void) {
    this.asked++
    if (this.isAway) answer?.(new Error('away'), ...([] as unknown as T))
    else go()
  }

  override get = (id: string, answer: (error: unknown, session?: SessionData | null) => void) =>
    this.#ask(answer, () => super.get(id, answer))
  override set = (id: string, session: SessionData, answer?: (error?: unknown) => void) =>
    this.#ask(answer, () => super.set(id, session, answer))
  override destroy = (id: string, answer?: (error?: unknown) => void) =>
    this.#ask(answer, () => super.destroy(id, answer))
}

const session = { userId: 7, prolongedAt: 0, cookie: { originalMaxAge: 1000 } } as SessionData

function stores() {
  const [fast, durable] = [new FlakyStore(), new FlakyStore()]
  const layered = new LayeredStore(fast, durable)
  const of = (store: Store) => ({
    get: async (id = 'id') =>
      ((await promisify(store.get.bind(store))(id)) as SessionData | undefined)?.userId,
    set: (id = 'id') => promisify(store.set.bind(store) as FlakyStore['set'])(id, session),
    destroy: (id = 'id') => promisify(store.destroy.bind(store))(id),
  })
  return { fast, durable, layered: of(layered), fastly: of(fast), durably: of(durable) }
}

test('a session is kept in both stores, and read from the fast one', async () => {
  const { durable, layered, fastly, durably } = stores()
  await layered.set()
  expect([await fastly.get(), await durably.get()]).toEqual([7, 7])
  const before = durable.asked
  expect(await layered.get()).toBe(7)
  expect(durable.asked).toBe(before)
  expect(await layered.get('other')).toBeUndefined()
})

test('a session missing from the fast store is read from the durable one, and restored', async () => {
  const { layered, fastly } = stores()
  await layered.set()
  await fastly.destroy()
  expect(await layered.get()).toBe(7)
  await expect.poll(() => fastly.get()).toBe(7)
})

test('an unknown session is not stored anywhere', async () => {
  const { fast, layered } = stores()
  expect(await layered.get('other')).toBeUndefined()
  expect(fast.asked).toBe(1)
})

test('while the fast store is away the durable one serves, and the fast one is not asked for a while', async () => {
  const { fast, layered, durably } = stores()
  await layered.set()
  fast.isAway = true
  expect(await layered.get()).toBe(7)
  const { asked } = fast
  await layered.set('second')
  for (let i = 0; i < 5; i++) expect(await layered.get()).toBe(7)
  expect(fast.asked).toBe(asked)
  expect(await durably.get('second')).toBe(7)
  fast.isAway = false
  await expect.poll(async () => (await layered.get()) && fast.asked, { timeout: 5000 }).toBeGreaterThan(asked)
})

test('a session that the fast store fails to keep is kept nonetheless', async () => {
  const { fast, layered, durably } = stores()
  fast.isAway = true
  await layered.set()
  expect(await durably.get()).toBe(7)
})

test('without the durable store nothing is kept, and the error is reported', async () => {
  const { durable, layered, fastly } = stores()
  durable.isAway = true
  await expect(layered.set()).rejects.toThrow('away')
  await expect(layered.get()).rejects.toThrow('away')
  expect(await fastly.get()).toBeUndefined()
})

test('signing out removes the session from both stores, or fails', async () => {
  const { fast, durable, layered, fastly, durably } = stores()
  await layered.set()
  await layered.destroy()
  expect([await fastly.get(), await durably.get()]).toEqual([undefined, undefined])
  for (const away of [fast, durable]) {
    await layered.set()
    away.isAway = true
    await expect(layered.destroy()).rejects.toThrow('away')
    away.isAway = false
  }
})

test('a session signed out while it is being read does not come back', async () => {
  const { durable, layered, fastly } = stores()
  await layered.set()
  await fastly.destroy()
  const reading = layered.get()
  await layered.destroy()
  await reading
  await expect.poll(() => fastly.get()).toBeUndefined()
  expect(durable.asked).toBeGreaterThan(1)
})
