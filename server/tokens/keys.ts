import { createSecretKey, type KeyObject } from 'node:crypto'
import { LRUCache } from 'lru-cache'
import { config } from '../config.ts'
import { keyFor } from '../web/signer.ts'

/** For how long access tokens are signed with one key. */
const periodMs = 30 * 24 * 60 * 60 * 1000

const periodAt = (time: number) => Math.floor(time / periodMs)

/** By period, those of each key of SESSION_SECRET. */
const derived = new LRUCache<number, KeyObject[]>({ max: 2, memoMethod: derive })

/** Every worker derives the same ones, and none is stored: they change by themselves. */
function derive(period: number): KeyObject[] {
  return config.sessionKeys.map((key) => createSecretKey(keyFor(key, `rozmowa access tokens ${period}`)))
}

/** The key to sign with now, and the `kid` by which it is found again. */
export function currentKey(): { kid: string; key: KeyObject } {
  const period = periodAt(Date.now())
  return { kid: String(period), key: derived.memo(period)[0]! }
}

/**
 * The keys of which one may have signed a token that somebody brings: only those of the present period, or of the one
 * before it, the most recent key of SESSION_SECRET first.
 * @throws Error for any other `kid`
 */
export function keysOf(kid: string | undefined): KeyObject[] {
  const current = periodAt(Date.now())
  const period = [current, current - 1].find((each) => String(each) === kid)
  if (period === undefined) throw new Error('no key of these two periods')
  return derived.memo(period)
}
