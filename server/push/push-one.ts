import { isQuiet } from '../../views/quiet-hours.ts'
import { log } from '../log.ts'
import { pushes } from '../metrics/measures.ts'
import { inTurn } from './in-turn.ts'
import type { KeyPair } from './keys.ts'
import { payloadOf, topicOf } from './payload.ts'
import { post } from './post.ts'
import { dropSubscription, findNotice, type Notice, recordNotice, type Target } from './store.ts'

/** The push service may accept it later. */
export class NotNow extends Error {
  /** For which it wants to be left alone. */
  readonly seconds: number

  constructor(message: string, seconds: number) {
    super(message)
    this.seconds = seconds
  }
}

/**
 * Pushes a conversation's newest message to a subscription, if by now it is still to be told of it. It is told of each
 * message once: one at a time, and what was accepted is recorded. A process killed in between pushes that one again,
 * and the browser shows it in place of the first.
 * @throws NotNow
 */
export const pushOne = (target: Target, keys: KeyPair): Promise<void> =>
  inTurn(`${target.subscriptionId}/${target.conversationId}`, async () => {
    const notice = await findNotice(target)
    if (!notice || isQuiet(notice.quietHours)) return
    const { endpoint, p256dh, auth } = notice
    const push = { endpoint, p256dh, auth, payload: payloadOf(notice), topic: topicOf(notice) }
    const outcome = await post(push, keys)
    pushes[outcome.kind].value++
    const { origin } = new URL(endpoint)
    switch (outcome.kind) {
      case 'accepted':
        return recordNotice(target, notice)
      case 'gone':
        return dropSubscription(target.subscriptionId)
      case 'refused':
        sayOnce(origin, outcome.why, notice)
        return recordNotice(target, notice)
      case 'later':
        throw new NotNow(`push service ${origin}: ${outcome.why}`, outcome.seconds)
    }
  })

const said = new Set<string>()
const maxSaid = 1000

/** Without the path of the endpoint, which is secret. */
function sayOnce(service: string, why: string, { conversationId, messageId }: Notice): void {
  const what = `${service} ${why}`
  if (said.has(what)) return
  if (said.size >= maxSaid) said.clear()
  said.add(what)
  log.warn({ service, why, conversationId, messageId }, 'a push service refuses a push')
}
