import type { Publisher } from './bus.ts'
import { decode, encode } from './envelope.ts'

/** A publication on its way from one forked process to another, by way of the supervisor. */
interface Forwarded {
  published: string
}

/** For a process without streams, beside a worker that has no Redis either: the supervisor passes on what is published. */
export const forkedPublisher: Publisher = {
  publish(publication) {
    const message: Forwarded = { published: encode(publication).toString() }
    // Best effort: what does not arrive is found in the database.
    process.send?.(message, undefined, undefined, () => {})
  },
}

export const isPublication = (message: unknown): message is Forwarded =>
  typeof message === 'object' && message !== null && 'published' in message

/** In the worker: publishes what the supervisor passes on. */
export function receivePublications({ publish }: Publisher): void {
  process.on('message', (message) => {
    if (isPublication(message)) publish(decode(Buffer.from(message.published)))
  })
}
