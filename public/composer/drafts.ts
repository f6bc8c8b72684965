import type { Attachment } from '../../server/contract/attachments.ts'
import type { Message, Reply } from '../../server/contract/messages.ts'
import type { Refusal } from '../../views/messages/receipts.ts'
import { page } from '../page.ts'

export interface Draft {
  html: string
  text: string
  /** The message it replies to. */
  reply?: Reply
  /** Uploaded already. */
  attachments?: Attachment[]
  /** The message it edits, as it is now. */
  edits?: Message
  /** Why it was not sent. */
  refused?: Refusal
}

export type Edit = Draft & { edits: Message }

export const emptyDraft: Draft = { html: '', text: '' }

// Per member: others may use the same browser. An edit is stored beside the draft that it interrupts.
const keyOf = (conversationId: number) => `rozmowa.draft.${page.me.id}.${conversationId}`
const editKeyOf = (conversationId: number) => `rozmowa.edit.${page.me.id}.${conversationId}`

export const draftOf = (conversationId: number): Draft => read<Draft>(keyOf(conversationId)) ?? emptyDraft
export const editOf = (conversationId: number) => read<Edit>(editKeyOf(conversationId))

export const storeDraft = (conversationId: number, draft: Draft): void =>
  write(keyOf(conversationId), hasContent(draft) ? draft : undefined)
export const storeEdit = (conversationId: number, edit: Edit | undefined): void =>
  write(editKeyOf(conversationId), edit)

function read<Stored>(key: string): Stored | undefined {
  try {
    const stored = localStorage.getItem(key)
    return stored ? (JSON.parse(stored) as Stored) : undefined
  } catch {
    return undefined
  }
}

function write(key: string, draft: Draft | undefined): void {
  try {
    if (draft) localStorage.setItem(key, JSON.stringify(draft))
    else localStorage.removeItem(key)
  } catch {
    // Storage that is full or forbidden must not stop anyone from typing.
  }
}

export const hasContent = ({ text, reply, attachments }: Draft): boolean =>
  Boolean(text.trim() || reply || attachments?.length)

/** Without the empty lines around it. */
export function trimmed({ html, text, refused, ...more }: Draft): Draft {
  const edges = /^(<p>(<br>|\s)*<\/p>)+|(<p>(<br>|\s)*<\/p>)+$/g
  return { html: html.replace(edges, ''), text: text.trim(), ...more }
}

/** Calls back when another tab changes the draft. */
export function watchDraft(
  conversationId: number,
  changed: (draft: Draft) => void,
  signal: AbortSignal,
): void {
  const onStorage = ({ key }: StorageEvent) =>
    key === keyOf(conversationId) && changed(draftOf(conversationId))
  addEventListener('storage', onStorage, { signal })
}
