import type { Redis } from 'ioredis'
import type { OwnUser } from '../contract/users.ts'
import { signal } from '../live/envelope.ts'
import { publish } from '../live/publish.ts'
import { softly } from '../presence/soft.ts'
import { notFound } from '../web/problem.ts'
import { durations } from './durations.ts'
import { openInProcessTyping } from './in-process-register.ts'
import { openRedisTyping } from './redis-register.ts'
import type { Stopped, TypingRegister, Typist } from './register.ts'
import { findTypist, listenersOf, type TypistNames } from './store.ts'

const soft = softly('typing')
const nobody: Stopped = { stopped: [], next: undefined }
let register: TypingRegister | undefined
let timer: NodeJS.Timeout | undefined
/** When the timer fires, ms since 1970. */
let firesAt = 0

/**
 * @param redis where the workers share who is typing; without it there is one worker.
 * @returns to be called at the end
 */
export function openTyping(redis: Redis | undefined): () => void {
  register = redis ? openRedisTyping(redis, durations) : openInProcessTyping(durations)
  firesAt = Number.POSITIVE_INFINITY
  sweepWithin(durations.sweepEvery)
  return () => {
    clearTimeout(timer)
    register = undefined
  }
}

/**
 * Tells the other members that somebody is typing, at most once a second, or that he has stopped. He stops by
 * himself 3 s after he last said that he is typing, whichever workers he said it to.
 * @throws Problem 404 when he is no member
 */
export async function setTyping(user: OwnUser, conversationId: number, isTyping: boolean): Promise<void> {
  const typist = { conversationId, userId: user.id }
  const listeners = await listenersOf(typist)
  if (!listeners) throw notFound()
  if (!register || listeners.length === 0) return
  const asked = isTyping ? register.start(typist) : register.stop(typist)
  if (!(await soft(asked, false))) return
  if (isTyping) sweepWithin(durations.stopsAfter)
  const { username, display_name } = user
  tell(typist, { user_name: display_name, username, display_name }, listeners, isTyping)
}

/**
 * Somebody has sent what he was typing. Not waited for: it costs a send one command to Redis, without its answer,
 * and a question to the database only when he was typing.
 */
export function stopTyping(userId: number, conversationId: number): void {
  if (register) soft(stop(register, { userId, conversationId }), undefined)
}

async function stop(register: TypingRegister, typist: Typist): Promise<void> {
  if (await register.stop(typist)) await tellStopped(typist)
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
  const { stopped, next = durations.sweepEvery } = await soft(register.sweep(), nobody)
  if (register) sweepWithin(Math.min(next, durations.sweepEvery))
  await soft(Promise.all(stopped.map(tellStopped)), [])
}

async function tellStopped(typist: Typist): Promise<void> {
  const { others, ...names } = (await findTypist(typist)) ?? {}
  if (others) tell(typist, names as TypistNames, others, false)
}

function tell(
  { conversationId, userId }: Typist,
  names: TypistNames,
  listeners: number[],
  isTyping: boolean,
): void {
  const data = { conversation_id: conversationId, user_id: userId, ...names, is_typing: isTyping }
  publish(listeners, signal('typing', data))
}
