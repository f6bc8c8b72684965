import type { Attachment } from '../../server/contract/attachments.ts'
import { limits } from '../../server/contract/limits.ts'
import type { Message, Reply } from '../../server/contract/messages.ts'
import { countCharacters } from '../../views/messages/length.ts'
import type { Refusal, Shown } from '../../views/messages/receipts.ts'
import { contentOf, type Draft } from '../composer/drafts.ts'
import type { Problem } from '../http.ts'
import { page } from '../page.ts'

/** A message or edit that is on its way, or was refused and waits for the writer. */
export interface Outgoing {
  client_id: string
  conversation_id: number
  html: string
  text: string
  reply?: Reply
  attachments?: Attachment[]
  draft_version?: number
  /** The message it edits, as it was. */
  edits?: Message
  created_at: string
  state: 'sending' | 'failed'
  refused?: Refusal
}

// One key for each message, so that tabs do not overwrite each other's; and per member.
const prefix = `rozmowa.outbox.${page.me.id}.`

/** Left behind by an earlier page, oldest first. */
export function storedEntries(): Outgoing[] {
  try {
    const keys = Object.keys(localStorage).filter((key) => key.startsWith(prefix))
    const entries = keys.map((key) => JSON.parse(localStorage.getItem(key) ?? '') as Outgoing)
    return entries.sort((a, b) => a.created_at.localeCompare(b.created_at))
  } catch {
    return []
  }
}

export function store(entry: Outgoing): void {
  try {
    localStorage.setItem(prefix + entry.client_id, JSON.stringify(entry))
  } catch {
    // Storage is full or forbidden: memory has to do.
  }
}

export const removeStored = ({ client_id }: Outgoing): void => localStorage.removeItem(prefix + client_id)

export const bodyOf = (entry: Outgoing) => ({
  content: contentOf(entry),
  client_id: entry.client_id,
  // One that was no draft when it was sent ends none.
  draft_version: entry.draft_version ?? 0,
  ...(entry.reply && { reply_to_id: entry.reply.id }),
  ...(entry.attachments && { attachment_ids: entry.attachments.map(({ id }) => id) }),
})

export function draftOf({ html, text, reply, attachments, edits, refused }: Outgoing): Draft {
  const more = { ...(reply && { reply }), ...(attachments && { attachments }), ...(edits && { edits }) }
  return { html, text, ...more, ...(refused && { refused }) }
}

export function refusalOf({ status, code }: Problem, { text, attachments, edits }: Outgoing): Refusal {
  if (status === 401) return 'session'
  if (status === 413 || countCharacters(text) > limits.messageCharacters) return 'too_long'
  if (edits) return code === 'edit_window_expired' || status === 404 ? 'edit_closed' : 'edit'
  return attachments && status === 400 ? 'files' : 'other'
}

/** As the log draws it. */
export function shown(entry: Outgoing): Shown {
  const { client_id, conversation_id, text, reply, attachments, created_at, state, edits, refused } = entry
  return {
    id: 0,
    conversation_id,
    seq: 0,
    kind: 'user',
    client_id,
    sender_id: page.me.id,
    sender: page.me,
    content: contentOf(entry),
    content_text: text,
    reply_to_id: reply?.id ?? null,
    reply_to: reply ?? null,
    forwarded_from: null,
    edited_at: null,
    is_deleted: false,
    deleted_at: null,
    is_pinned: false,
    line: null,
    link_preview: null,
    attachments: attachments ?? edits?.attachments ?? [],
    mentions: [],
    reactions: [],
    created_at,
    outgoing: state,
    ...(refused && { refused }),
  }
}
