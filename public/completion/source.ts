import type { Delta } from 'quill/core.js'

/** What is offered for what somebody has begun to type. */
export interface Found {
  count: number
  /** A listbox with the best of them, whose options have ids. */
  html: string
  /** For screen readers. */
  said: string
  /** What takes the place of the sign and the words. */
  choose(index: number): Delta
}

/** Something that can be completed once its sign is typed. */
export interface Source {
  /** Matches the sign and the words after it, up to the cursor; the words are its one group. */
  begun: RegExp
  /** Offered as soon as it is found; undefined for nothing. */
  find(words: string): Promise<Found | undefined>
  /** Puts a blank behind what is chosen. */
  isSpaced: boolean
  /** Matches what is written out, up to the cursor; the words are its one group. */
  whole?: RegExp
  /** What takes the place of what is written out. */
  replace?(words: string): Promise<Delta | undefined>
}
