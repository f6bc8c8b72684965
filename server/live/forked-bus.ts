import type { Publisher } from './bus.ts'

/** A publication on its way from one forked process to another, by way of the supervisor. */
interface Publication {
  published: { userIds: readonly number[]; envelope: string }
}

/** For a process without streams, beside a worker that has no Redis either: the supervisor passes on what is published. */
export const forkedPublisher: Publisher = {
  publish(userIds, envelope) {
    const message: Publication = { published: { userIds, envelope: envelope.toString() } }
    // Best effort: what does not arrive is found in the database.
    process.send?.(message, undefined, undefined, () => {})
  },
}

export const isPublication = (message: unknown): message is Publication =>
  typeof message === 'object' && message !== null && 'published' in message

/** In the worker: publishes what the supervisor passes on. */
export function receivePublications({ publish }: Publisher): void {
  process.on('message', (message) => {
    if (isPublication(message)) publish(message.published.userIds, Buffer.from(message.published.envelope))
  })
}
