import type { OwnUser } from '../contract/users.ts'
import { signal } from '../live/envelope.ts'
import { publish } from '../live/publish.ts'
import type { RedisConnection } from '../live/redis-connection.ts'
import { bestEffort } from '../presence/best-effort.ts'
import { notFound } from '../web/problem.ts'
import { durations } from './durations.ts'
import { openInProcessTyping } from './in-process-register.ts'
import { openRedisTyping } from './redis-register.ts'
import type { Stopped, TypingRegister, Typist } from './register.ts'
import { findTypist, type NamedTypist, namesOf, subscribersOf, type TypistNames } from './store.ts'

const attempt = bestEffort('typing')
const noneStopped: Stopped = { stopped: [], next: undefined }
let register: TypingRegister | undefined
let timer: NodeJS.Timeout | undefined
/** When the timer fires, ms since 1970. */
let firesAt = 0

/**
 * @param redis where the workers share who is typing; without it there is one worker.
 * @returns to be called at the end
 */
export function openTyping(redis: RedisConnection | undefined): () => void {
  register = redis ? openRedisTyping(redis, durations) : openInProcessTyping(durations)
  firesAt = Number.POSITIVE_INFINITY
  sweepWithin(durations.sweepEvery)
  return () => {
    clearTimeout(timer)
    register = undefined
  }
}

/**
 * Publishes to the other members that the user is typing, debounced to once a second, or has stopped. Typing ends by
 * itself when the last call does not count any more, whichever workers the calls came to.
 * @param lastsMs for how long the call counts: on our page 3 s
 * @throws Problem 404 when the user is no member
 */
export async function setTyping(
  user: OwnUser,
  conversationId: number,
  isTyping: boolean,
  lastsMs = durations.stopsAfter,
): Promise<void> {
  const typist = { conversationId, userId: user.id }
  const subscribers = await subscribersOf(typist)
  if (!subscribers) throw notFound()
  if (!register || subscribers.length === 0) return
  const asked = isTyping ? register.start(typist, lastsMs) : register.stop(typist)
  if (!(await attempt(asked, false))) return
  if (isTyping) sweepWithin(lastsMs)
  const { username, display_name } = user
  publishTyping(typist, { user_name: display_name, username, display_name }, subscribers, isTyping)
}

/**
 * The other members who are typing there now; in a large group none.
 * @throws Problem 404 when the viewer is no member
 */
export async function findTyping(viewerId: number, conversationId: number): Promise<NamedTypist[]> {
  const others = await subscribersOf({ conversationId, userId: viewerId })
  if (!others) throw notFound()
  if (!register || others.length === 0) return []
  return namesOf(await attempt(register.typistsAmong(conversationId, others), []))
}

/**
 * Somebody has sent what they were typing. Not awaited: it costs a send one command to Redis, without its answer,
 * and a query only when they were typing.
 */
export function stopTyping(userId: number, conversationId: number): void {
  if (register) attempt(stop(register, { userId, conversationId }), undefined)
}

async function stop(register: TypingRegister, typist: Typist): Promise<void> {
  if (await register.stop(typist)) await publishStopped(typist)
}

/** One timer for all typists; it fires when the next one stops. */
function sweepWithin(wait: number): void {
  if (Date.now() + wait >= firesAt) return
  clearTimeout(timer)
  firesAt = Date.now() + wait
  timer = setTimeout(sweep, wait)
}

async function sweep(): Promise<void> {
  firesAt = Number.POSITIVE_INFINITY
  if (!register) return
  const { stopped, next = durations.sweepEvery } = await attempt(register.sweep(), noneStopped)
  if (register) sweepWithin(Math.min(next, durations.sweepEvery))
  await attempt(Promise.all(stopped.map(publishStopped)), [])
}

async function publishStopped(typist: Typist): Promise<void> {
  const { others, ...names } = (await findTypist(typist)) ?? {}
  if (others) publishTyping(typist, names as TypistNames, others, false)
}

function publishTyping(
  { conversationId, userId }: Typist,
  names: TypistNames,
  subscribers: number[],
  isTyping: boolean,
): void {
  const data = { conversation_id: conversationId, user_id: userId, ...names, is_typing: isTyping }
  publish(subscribers, signal('typing', data))
}
