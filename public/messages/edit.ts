import type { Message } from '../../server/contract/messages.ts'
import { contentOf, type Draft } from '../composer/drafts.ts'
import type { Host } from './host.ts'

/** Optimistic: the edit shows at once and goes through the outbox like a new message. */
export function editMessage(host: Host, draft: Draft): void {
  const { edits } = draft
  const content = contentOf(draft)
  if (!edits || content === edits.content) return
  const before = host.find(edits.id) ?? edits
  const edited = { content, content_text: draft.text, edited_at: new Date().toISOString() }
  host.patch(edits.id, (now) => ({ ...now, ...edited }))
  const { id } = host.conversation()
  host.state.outbox.send(id, { ...draft, edits: before }, undefined)
}

/** Reverts a refused edit. */
export function undoEdit(host: Host, { id, content, content_text, edited_at }: Message, draft: Draft): void {
  const mine = contentOf(draft)
  host.patch(id, (now) => (now.content === mine ? { ...now, content, content_text, edited_at } : now))
}
