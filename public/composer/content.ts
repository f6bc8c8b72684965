import type { Message } from '../../server/contract/messages.ts'
import { countCharacters } from '../../views/messages/length.ts'
import type { Refusal } from '../../views/messages/receipts.ts'
import { Tray } from '../attachments/tray.ts'
import { element } from '../page.ts'
import { Context } from './context.ts'
import { type Draft, draftOf, type Edit, isSomething, keepDraft, keepEdit, nothing } from './drafts.ts'
import { Field } from './field.ts'
import type { InputEvents } from './input.ts'
import { Note } from './note.ts'

/** What stands in the composer: a draft, or the change of a message with the draft put aside; and its keeping. */
export class Content {
  readonly field: Field
  readonly tray: Tray
  readonly context: Context
  #conversationId: number
  #form = element('composer')
  #note = new Note()
  #refused: Refusal | undefined

  /** @param cancelled by the button beside what is answered or changed */
  constructor(conversationId: number, events: InputEvents, cancelled: () => void, signal: AbortSignal) {
    this.#conversationId = conversationId
    this.context = new Context(cancelled)
    this.field = new Field(events, signal)
    this.tray = new Tray(conversationId, draftOf(conversationId).attachments, signal)
  }

  get editing(): Message | undefined {
    return this.context.editing
  }

  /** Whether nothing is being written here that something else could push aside. */
  get isFree(): boolean {
    return !this.editing && !isSomething(this.draft) && !this.tray.any
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
    this.mark()
  }

  /** Writes down now what was typed. */
  keep(): void {
    const { draft } = this
    if (isEdit(draft)) keepEdit(this.#conversationId, draft)
    else keepDraft(this.#conversationId, draft)
  }

  clear(): void {
    this.tray.clear()
    this.show(nothing)
    this.keep()
  }

  /** Back to what was being written before. */
  leaveEdit(): void {
    keepEdit(this.#conversationId, undefined)
    this.show(draftOf(this.#conversationId))
  }

  /** Makes room. @returns what was being written */
  empty(): Draft[] {
    const held: Draft[] = []
    if (this.editing) {
      held.push(this.draft)
      this.leaveEdit()
    }
    if (isSomething(this.draft)) held.push(this.draft)
    this.clear()
    return held
  }

  /** Somebody goes on writing: what was said of the text before holds no longer. */
  touched(): void {
    this.#refused = undefined
  }

  mark(): void {
    const text = this.field.get().text.trim()
    this.#form.classList.toggle('composer--ready', Boolean(text) || this.tray.any)
    this.#note.show(countCharacters(text), this.#refused)
  }
}

export const isEdit = (draft: Draft): draft is Edit => draft.edits !== undefined
