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
    for (const stream of this.streams) if (stream.session === session) stream.cut()
  }
}
