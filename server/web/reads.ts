import { setTimeout as sleep } from 'node:timers/promises'
import { LRUCache } from 'lru-cache'
import pLimit, { type LimitFunction } from 'p-limit'
import { config } from '../config.ts'
import { log } from '../log.ts'
import { overspent, tooMuch } from './limits.ts'

/** Of one member at once, in a process: more wait in line, so that nobody takes all connections to the database. */
const maxAtOnce = 4
/** What a read costs before it has brought anything, as KiB. */
const costOfAsking = 16
/** Refusing costs, too: whoever asks on without waiting is answered no sooner. Milliseconds. */
const refusalMs = 500
/** Members looked after; one who is forgotten may read a little more. */
const maxMembers = 10_000

const lines = new LRUCache<number, LimitFunction>({ max: maxMembers })
/** Who has read too much, until they may read on. What was read is counted after it was sent, and costs no time then. */
const overdrawn = new LRUCache<number, true>({ max: maxMembers })

/**
 * Reads for a member, when it is their turn and they have not read too much, and counts how much it was.
 * @param isPatient whether to wait rather than to refuse: for the pieces of what has begun to be sent
 * @returns what `read` made
 * @throws Problem 429
 */
export async function readFor(
  userId: number,
  read: () => Promise<string>,
  isPatient = false,
): Promise<string> {
  if (!config.rateLimits) return read()
  if (overdrawn.has(userId)) await sleep(refusalMs)
  const line = lines.get(userId) ?? pLimit(maxAtOnce)
  lines.set(userId, line)
  return line(() => counted(userId, read, isPatient))
}

async function counted(userId: number, read: () => Promise<string>, isPatient: boolean): Promise<string> {
  const wait = overdrawn.getRemainingTTL(userId)
  if (wait > 0 && !isPatient) throw tooMuch(wait)
  if (wait > 0) await sleep(wait)
  let size = 0
  try {
    const text = await read()
    size = Buffer.byteLength(text)
    return text
  } finally {
    void count(userId, costOfAsking + Math.ceil(size / 1024))
  }
}

async function count(userId: number, cost: number): Promise<void> {
  try {
    const wait = await overspent('read', userId, cost)
    if (wait) overdrawn.set(userId, true, { ttl: wait })
  } catch (error) {
    log.warn({ err: error }, 'what was read could not be counted')
  }
}
