import { eventsPublished } from '../metrics/measures.ts'
import type { Publisher } from './bus.ts'
import { type Envelope, fingerprint, hangUpEnvelope, type Publication, publicationOf } from './envelope.ts'

const nowhere: Publisher = { publish() {} }
let publisher = nowhere

/**
 * Publishes a committed change: the one way from features to streams. A process that has no publisher, such as a
 * command, publishes nowhere; workers find the change in the database.
 */
export function publish(userIds: readonly number[], envelope: Envelope): void {
  if (userIds.length > 0) handOver(publicationOf(userIds, envelope))
}

/** The same for an event that each of its recipients sees in another way. */
export function publishViews(publication: Publication): void {
  if (publication.parts.length > 0) handOver(publication)
}

/** What is published now was committed just now. */
function handOver(publication: Publication): void {
  publication.at = Date.now()
  eventsPublished.value++
  publisher.publish(publication)
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
