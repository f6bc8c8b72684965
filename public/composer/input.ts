import type { Member } from '../../server/contract/conversations.ts'
import type { Draft } from './drafts.ts'

/** A plain field at first, Quill as soon as it has loaded. */
export interface Input {
  readonly element: HTMLElement
  get(): Draft
  /** The caret stays as far from the end as it was. */
  set(draft: Draft): void
  /** At the cursor, or where it last was. */
  insert(text: string): void
  focus(): void
}

export interface InputEvents {
  changed(): void
  submit(): void
  /** Those who can be mentioned; undefined where nobody can. */
  mentionable?: (() => Promise<Member[]>) | undefined
}
