import type { Cursor } from './cursor.ts'
import type { Envelope, Publication } from './envelope.ts'
import type { Places } from './places.ts'

/**
 * Where streams find in the database what the bus did not bring. `live` knows no tables: the feature that does
 * (catchup/) passes this in.
 */
export interface Source {
  /** Of clients that carry no cursor. */
  places: Places

  /**
   * What changed in a conversation after a `seq`, or since a cursor was current.
   * @returns undefined when there is no such conversation
   */
  changesAfter(conversationId: number, after: number | Cursor): Promise<CaughtUp | undefined>
  /** A conversation as each of these members sees it, to be written as of `seq`. */
  viewsAt(conversationId: number, seq: number, userIds: number[]): Promise<Publication>
  /**
   * Everything the user may have missed since a cursor was current, in `seq` order within each conversation.
   * @param current this worker's cursor
   * @returns undefined when that is too much, or the cursor is none of this history
   */
  missedSince(userId: number, cursor: Cursor, current: Cursor): Promise<Missed | undefined>
  /** Conversations changed since a cursor was current that concern these users; and the cursor current now. */
  changedSince(cursor: Cursor | undefined, userIds: number[]): Promise<Poll>
}

/** What one poll of the database finds. */
export interface Poll {
  /** The one that is current now. */
  cursor: Cursor
  /** Another one after a restore: what is known of the old one is void. */
  history: string
  changed: Changed[]
}

export interface CaughtUp {
  /** For all members, in `seq` order. */
  envelopes: Envelope[]
  /** Everything up to here is in the envelopes, or in a member's view of the conversation. */
  seq: number
  /** The conversation itself may have changed, too, which each member sees in another way. */
  isChanged: boolean
  /** Asked for last: who has become a member since the changes were read gets them twice, rather than not at all. */
  memberIds: number[]
}

export interface Missed {
  envelopes: Envelope[]
  /** By conversation that changed; everything up to here is in the envelopes. */
  positions: Map<number, number>
}

export interface Changed {
  conversationId: number
  seq: number
  /** Those of the users who are members now. */
  memberIds: number[]
  /** Those of the members who joined lately. */
  joinedIds: number[]
  /** Those of the users who were members, and are no more. */
  goneIds: number[]
}
