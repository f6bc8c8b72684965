import type { Publication } from './envelope.ts'
import type { Place, Stream } from './stream.ts'

/** A user with streams in this worker. */
export class Subscriber {
  readonly streams = new Set<Stream>()

  /** @returns whether any stream takes it */
  send(frame: Buffer, place?: Place): boolean {
    let isTaken = false
    for (const stream of this.streams) isTaken = stream.send(frame, place) || isTaken
    return isTaken
  }

  /** Closes the streams of a session, with whatever their reader has not read yet. */
  hangUp(session: string): void {
    for (const stream of this.streams) if (stream.session === session) stream.hangUp()
  }
}

/** Who has streams in this worker, by user. */
export class Subscribers {
  readonly #byUser = new Map<number, Subscriber>()

  of = (userId: number): Subscriber | undefined => this.#byUser.get(userId)
  userIds = (): number[] => [...this.#byUser.keys()]
  streams = () => this.#byUser.values().flatMap(({ streams }) => streams)

  enter(userId: number, stream: Stream): void {
    const subscriber = this.#byUser.get(userId) ?? new Subscriber()
    this.#byUser.set(userId, subscriber)
    subscriber.streams.add(stream)
  }

  leave(userId: number, stream: Stream): void {
    const subscriber = this.#byUser.get(userId)!
    subscriber.streams.delete(stream)
    if (subscriber.streams.size === 0) this.#byUser.delete(userId)
  }

  /** Of the recipients of a publication, those who are here. */
  *among(parts: Publication['parts']) {
    for (const { userIds, frame } of parts)
      for (const userId of userIds) {
        const subscriber = this.#byUser.get(userId)
        if (subscriber) yield { userId, subscriber, frame }
      }
  }

  /** The sessions, by their fingerprints, that have a stream open. */
  sessions = (): { userId: number; session: string }[] =>
    [...this.#byUser].flatMap(([userId, { streams }]) =>
      [...new Set([...streams].map(({ session }) => session))].map((session) => ({ userId, session })),
    )
}
