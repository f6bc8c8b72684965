import type { Draft } from './drafts.ts'

/** What one types into: a plain field at first, Quill as soon as it has loaded. */
export interface Input {
  readonly element: HTMLElement
  get(): Draft
  set(draft: Draft): void
  /** Puts text where the cursor is, or was. */
  insert(text: string): void
  focus(): void
}

export interface InputEvents {
  changed(): void
  submit(): void
}
