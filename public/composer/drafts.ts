import type { Attachment, Reply } from '../../server/live/events.ts'
import { page } from '../page.ts'

/** What somebody has typed and not yet sent. */
export interface Draft {
  html: string
  text: string
  /** The message it answers. */
  reply?: Reply
  /** Files that are uploaded already. */
  attachments?: Attachment[]
}

export const nothing: Draft = { html: '', text: '' }

// Of this member only: others may use the same browser.
const keyOf = (conversationId: number) => `rozmowa.draft.${page.me.id}.${conversationId}`

export function draftOf(conversationId: number): Draft {
  try {
    const kept = localStorage.getItem(keyOf(conversationId))
    return kept ? (JSON.parse(kept) as Draft) : nothing
  } catch {
    return nothing
  }
}

export function keepDraft(conversationId: number, draft: Draft): void {
  try {
    if (isSomething(draft)) localStorage.setItem(keyOf(conversationId), JSON.stringify(draft))
    else localStorage.removeItem(keyOf(conversationId))
  } catch {
    // A full or forbidden store must not stop the typing.
  }
}

const isSomething = ({ text, reply, attachments }: Draft) =>
  Boolean(text.trim() || reply || attachments?.length)

/** Calls back when another tab has changed the draft of this conversation. */
export function watchDraft(
  conversationId: number,
  changed: (draft: Draft) => void,
  signal: AbortSignal,
): void {
  const look = ({ key }: StorageEvent) => key === keyOf(conversationId) && changed(draftOf(conversationId))
  addEventListener('storage', look, { signal })
}
