import type { Cursor } from './cursor.ts'
import type { Envelope } from './envelope.ts'

/** Where the client of a session stands, of those that carry no cursor. */
export interface Place {
  cursor: Cursor
  /** Another one after a restore: then the place means nothing. */
  history: string
  /** What it confirmed beyond the cursor, by conversation. */
  positions: Map<number, Position>
}

/** How far a client knows a conversation. */
export interface Position {
  /** Of the last change. */
  seq: number
  /** Of the newest message; 0 when that is not known. */
  messageId: number
}

/** Which client it is: one of a session and protocol. */
export interface ClientName {
  sessionId: string
  protocol: string
}

/** Keeps places, and finds what was sent to clients that have none. */
export interface Places {
  find(client: ClientName): Promise<Place | undefined>
  keep(client: ClientName, place: Place): Promise<void>
  /** Up to which message each of the user's conversations has been delivered or read, by conversation. */
  delivered(userId: number): Promise<Map<number, number>>
  /** Messages of others after those, with ids above `afterId`, oldest first; a page of them, empty at the end. */
  undelivered(userId: number, delivered: Map<number, number>, afterId: number): Promise<Envelope[]>
  /**
   * Messages changed since the cursor was current, by conversation and `seq`, from behind one of them; a page, empty at the
   * end.
   */
  changed(
    userId: number,
    cursor: Cursor,
    behind: { conversationId: number; seq: number },
  ): Promise<Envelope[]>
}
