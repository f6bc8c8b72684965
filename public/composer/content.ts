import type { Message } from '../../server/contract/messages.ts'
import { countCharacters } from '../../views/messages/length.ts'
import type { Refusal } from '../../views/messages/receipts.ts'
import { Tray } from '../attachments/tray.ts'
import { element } from '../page.ts'
import { Context } from './context.ts'
import { type Draft, draftOf, type Edit, emptyDraft, hasContent, storeDraft, storeEdit } from './drafts.ts'
import { Field } from './field.ts'
import type { InputEvents } from './input.ts'
import { Note } from './note.ts'

/** What the composer holds: a draft, or an edit while the draft is set aside. Both are stored as they change. */
export class Content {
  readonly field: Field
  readonly tray: Tray
  readonly context: Context
  #conversationId: number
  #form = element('composer')
  #note = new Note()
  #refused: Refusal | undefined

  /** @param cancelled by the button beside the message replied to or edited */
  constructor(conversationId: number, events: InputEvents, cancelled: () => void, signal: AbortSignal) {
    this.#conversationId = conversationId
    this.context = new Context(cancelled)
    this.field = new Field(events, signal)
    this.tray = new Tray(conversationId, draftOf(conversationId).attachments, signal)
  }

  get editing(): Message | undefined {
    return this.context.editing
  }

  /** Whether a draft can be put here without replacing anything. */
  get isFree(): boolean {
    return !this.editing && !hasContent(this.draft) && !this.tray.hasFiles
  }

  get draft(): Draft {
    const { reply, editing } = this.context
    const attachments = editing ? [] : this.tray.done
    return {
      ...this.field.get(),
      ...(reply && { reply }),
      ...(attachments.length && { attachments }),
      ...(editing && { edits: editing }),
      ...(this.#refused && { refused: this.#refused }),
    }
  }

  show(draft: Draft): void {
    this.#refused = draft.refused
    this.context.set({ reply: draft.reply, editing: draft.edits })
    this.tray.hide(Boolean(draft.edits))
    this.field.set(draft)
    this.updateState()
  }

  saveDraft(): void {
    const { draft } = this
    if (isEdit(draft)) storeEdit(this.#conversationId, draft)
    else storeDraft(this.#conversationId, draft)
  }

  clear(): void {
    this.tray.clear()
    this.show(emptyDraft)
    this.saveDraft()
  }

  /** Back to the draft that was set aside. */
  leaveEdit(): void {
    storeEdit(this.#conversationId, undefined)
    this.show(draftOf(this.#conversationId))
  }

  /** Empties the composer. @returns what was being written */
  takeDrafts(): Draft[] {
    const drafts: Draft[] = []
    if (this.editing) {
      drafts.push(this.draft)
      this.leaveEdit()
    }
    if (hasContent(this.draft)) drafts.push(this.draft)
    this.clear()
    return drafts
  }

  /** Once typing goes on, the reason for the refusal no longer applies. */
  clearRefusal(): void {
    this.#refused = undefined
  }

  updateState(): void {
    const text = this.field.get().text.trim()
    this.#form.classList.toggle('composer--ready', Boolean(text || this.editing || this.tray.hasFiles))
    this.#note.show(countCharacters(text), this.#refused)
  }
}

export const isEdit = (draft: Draft): draft is Edit => draft.edits !== undefined
