import { setTimeout as sleep } from 'node:timers/promises'
import { LRUCache } from 'lru-cache'
import pLimit, { type LimitFunction } from 'p-limit'
import { config } from '../config.ts'
import { log } from '../log.ts'
import { rateLimited, trySpend } from './limits.ts'

/** Concurrent reads of one member in a process; more are queued, so that no one takes all database connections. */
const maxAtOnce = 4
/** What a read costs whatever its size, in KiB. */
const baseCost = 16
/** Refusing costs something too: a client that does not wait gets its refusal no sooner. Milliseconds. */
const refusalMs = 500
/** Members tracked at once; one who is evicted may read a little more. */
const maxMembers = 10_000

const queues = new LRUCache<number, LimitFunction>({ max: maxMembers })
/** Members who have read too much, until they may read on. Reads are counted after they were sent, without delaying them. */
const overLimit = new LRUCache<number, true>({ max: maxMembers })

/**
 * Reads for a member, when it is their turn and they have not read too much, and counts the size.
 * @param mayWait whether to wait instead of refusing, for the parts of an answer that is already being sent
 * @returns what `read` made
 * @throws Problem 429
 */
export async function readFor(userId: number, read: () => Promise<string>, mayWait = false): Promise<string> {
  if (!config.rateLimits) return read()
  if (overLimit.has(userId)) await sleep(refusalMs)
  const queue = queues.get(userId) ?? pLimit(maxAtOnce)
  queues.set(userId, queue)
  return queue(() => counted(userId, read, mayWait))
}

async function counted(userId: number, read: () => Promise<string>, mayWait: boolean): Promise<string> {
  const wait = overLimit.getRemainingTTL(userId)
  if (wait > 0 && !mayWait) throw rateLimited(wait)
  if (wait > 0) await sleep(wait)
  let size = 0
  try {
    const text = await read()
    size = Buffer.byteLength(text)
    return text
  } finally {
    void count(userId, baseCost + Math.ceil(size / 1024))
  }
}

async function count(userId: number, cost: number): Promise<void> {
  try {
    const wait = await trySpend('read', userId, cost)
    if (wait) overLimit.set(userId, true, { ttl: wait })
  } catch (error) {
    log.warn({ err: error }, 'a read could not be counted')
  }
}
