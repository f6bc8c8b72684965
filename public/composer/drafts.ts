import type { Attachment } from '../../server/contract/attachments.ts'
import { limits } from '../../server/contract/limits.ts'
import type { Message, Reply } from '../../server/contract/messages.ts'
import type { Refusal } from '../../views/messages/receipts.ts'
import { inOneLine } from '../../views/messages/words.ts'
import { page, reader } from '../page.ts'

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
  /** Of one that is sent: which it was, for the server. */
  draft_version?: number
}

export type Edit = Draft & { edits: Message }

export const emptyDraft: Draft = { html: '', text: '' }

// Per member: others may use the same browser. An edit is stored beside the draft that it interrupts.
export const draftPrefix = `rozmowa.draft.${page.me.id}.`
export const syncPrefix = `rozmowa.synced.${page.me.id}.`
const keyOf = (conversationId: number) => draftPrefix + conversationId
const syncKeyOf = (conversationId: number) => syncPrefix + conversationId
const editKeyOf = (conversationId: number) => `rozmowa.edit.${page.me.id}.${conversationId}`

export const draftOf = (conversationId: number): Draft => read<Draft>(keyOf(conversationId)) ?? emptyDraft

/** What is known of a draft on the server. */
export interface Sync {
  version: number
  /** The draft as it is there, as `signOf` has it; what differs is yet to be saved. */
  saved: string
  /** On its way there. */
  saving?: string
}

export const syncOf = (conversationId: number): Sync =>
  read<Sync>(syncKeyOf(conversationId)) ?? { version: 0, saved: '' }
export const storeSync = (conversationId: number, sync: Sync): void => write(syncKeyOf(conversationId), sync)

/** It is being sent: nothing of it is to be saved any more. @returns its version, to be ended by the send */
export function endDraft(conversationId: number): number {
  const { version, saving } = syncOf(conversationId)
  const ended = version + (saving === undefined ? 0 : 1)
  if (ended) storeSync(conversationId, { version: ended, saved: '' })
  return ended
}

export const editOf = (conversationId: number) => read<Edit>(editKeyOf(conversationId))

export const drafts = {
  /** Replaced by what saves them on the server, once that is loaded. */
  stored: (_conversationId: number) => {},
  /** Replaced by the composer: stores what was typed last. @returns whether the draft may be replaced right now */
  settle: (_conversationId: number): boolean => true,
}

export function storeDraft(conversationId: number, draft: Draft): void {
  write(keyOf(conversationId), hasContent(draft) ? draft : undefined)
  drafts.stored(conversationId)
}
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

function write(key: string, draft: object | undefined): void {
  try {
    if (draft) localStorage.setItem(key, JSON.stringify(draft))
    else localStorage.removeItem(key)
  } catch {
    // Storage that is full or forbidden must not stop anyone from typing.
  }
}

export const contentOf = ({ html, text }: Draft): string => (text.trim() ? html : '')

export const hasContent = ({ text, reply, attachments }: Draft): boolean =>
  Boolean(text.trim() || reply || attachments?.length)

/** Without the empty lines around it. */
export function trimmed({ html, text, refused, ...more }: Draft): Draft {
  const edges = /^(<p>(<br>|\s)*<\/p>)+|(<p>(<br>|\s)*<\/p>)+$/g
  return { html: html.replace(edges, ''), text: text.trim(), ...more }
}

/** One that came from elsewhere: the composer hears of it as of another tab's. */
export function adoptDraft(conversationId: number, draft: Draft): void {
  write(keyOf(conversationId), hasContent(draft) ? draft : undefined)
  dispatchEvent(new StorageEvent('storage', { key: keyOf(conversationId) }))
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

export function replyTo(message: Message): Reply {
  const { id, sender_id, sender, is_deleted } = message
  const excerpt = inOneLine(message, reader).slice(0, limits.excerptCharacters)
  return { id, sender_id, sender_name: sender.display_name, excerpt, is_deleted }
}
