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
  /** Messages of others that never reached the user, after this one, oldest first; a page of them, empty at the end. */
  undelivered(userId: number, afterId: number): Promise<Envelope[]>
}
