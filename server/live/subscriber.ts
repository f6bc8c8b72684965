import type { Place, Stream } from './stream.ts'

/** A user with streams in this worker. */
export class Subscriber {
  readonly streams = new Set<Stream>()

  send(frame: Buffer, place?: Place): void {
    for (const stream of this.streams) stream.send(frame, place)
  }

  /** Ends the streams of a session. */
  hangUp(session: string): void {
    for (const stream of this.streams) if (stream.session === session) stream.end()
  }
}
