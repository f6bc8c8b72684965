import type { Shared, SharedPlace } from '../contract/shared.ts'

/** Behind which a page begins. */
export interface Place extends SharedPlace {
  limit: number
}

/** An item, and where it stands. */
export interface Placed extends SharedPlace {
  item: Shared
}

/** What was found for a page. */
export interface Found {
  placed: Placed[]
  /** Where to go on; undefined when nothing more is to be had. */
  next: SharedPlace | undefined
}
