import type { Publisher } from './bus.ts'
import { fingerprint, hangUpEnvelope } from './envelope.ts'

const nowhere: Publisher = { publish() {} }
let publisher = nowhere

/**
 * Publishes a committed change: the one way from features to streams. A process that has no publisher, such as a
 * command, publishes nowhere; workers find the change in the database.
 */
export function publish(userIds: readonly number[], envelope: Buffer): void {
  publisher.publish(userIds, envelope)
}

/** From now on this process publishes through `next`. @returns to be called to undo it */
export function publishThrough(next: Publisher): () => void {
  const previous = publisher
  publisher = next
  return () => {
    publisher = previous
  }
}

/** Ends the streams of a session, in whichever worker they are. */
export function hangUp(userId: number, sessionId: string): void {
  publish([userId], hangUpEnvelope(fingerprint(sessionId)))
}
