import type { Attachment } from '../../server/contract/attachments.ts'
import type { Message, Reply } from '../../server/contract/messages.ts'
import type { Refusal } from '../../views/messages/receipts.ts'
import { page } from '../page.ts'

/** What somebody has typed and not yet sent. */
export interface Draft {
  html: string
  text: string
  /** The message it answers. */
  reply?: Reply
  /** Files that are uploaded already. */
  attachments?: Attachment[]
  /** The message it changes, as it is. */
  edits?: Message
  /** Why it came back. */
  refused?: Refusal
}

/** The change of a message. */
export type Edit = Draft & { edits: Message }

export const nothing: Draft = { html: '', text: '' }

// Of this member only: others may use the same browser. A change that has begun is kept beside what was being written.
const keyOf = (conversationId: number) => `rozmowa.draft.${page.me.id}.${conversationId}`
const editKeyOf = (conversationId: number) => `rozmowa.edit.${page.me.id}.${conversationId}`

export const draftOf = (conversationId: number): Draft => read<Draft>(keyOf(conversationId)) ?? nothing
export const editOf = (conversationId: number) => read<Edit>(editKeyOf(conversationId))

export const keepDraft = (conversationId: number, draft: Draft): void =>
  write(keyOf(conversationId), isSomething(draft) ? draft : undefined)
export const keepEdit = (conversationId: number, edit: Edit | undefined): void =>
  write(editKeyOf(conversationId), edit)

function read<Kept>(key: string): Kept | undefined {
  try {
    const kept = localStorage.getItem(key)
    return kept ? (JSON.parse(kept) as Kept) : undefined
  } catch {
    return undefined
  }
}

function write(key: string, draft: Draft | undefined): void {
  try {
    if (draft) localStorage.setItem(key, JSON.stringify(draft))
    else localStorage.removeItem(key)
  } catch {
    // A full or forbidden store must not stop the typing.
  }
}

export const isSomething = ({ text, reply, attachments }: Draft): boolean =>
  Boolean(text.trim() || reply || attachments?.length)

/** As it is sent: without the empty lines around it. */
export function sendable({ html, text, refused, ...more }: Draft): Draft {
  const edges = /^(<p>(<br>|\s)*<\/p>)+|(<p>(<br>|\s)*<\/p>)+$/g
  return { html: html.replace(edges, ''), text: text.trim(), ...more }
}

/** Calls back when another tab has changed the draft of this conversation. */
export function watchDraft(
  conversationId: number,
  changed: (draft: Draft) => void,
  signal: AbortSignal,
): void {
  const look = ({ key }: StorageEvent) => key === keyOf(conversationId) && changed(draftOf(conversationId))
  addEventListener('storage', look, { signal })
}
