import type { Message } from '../../server/live/events.ts'
import { countCharacters, maxCharacters } from '../../views/messages/length.ts'
import type { Refusal } from '../../views/messages/receipts.ts'
import { Tray } from '../attachments/tray.ts'
import { pickEmoji } from '../emoji/pick.ts'
import { enterSends, isComposing } from '../keys.ts'
import { tell } from '../notice.ts'
import { element, reader } from '../page.ts'
import { Context, replyTo } from './context.ts'
import {
  type Draft,
  draftOf,
  type Edit,
  editOf,
  isSomething,
  keepDraft,
  keepEdit,
  nothing,
  sendable,
  watchDraft,
} from './drafts.ts'
import { Field } from './field.ts'
import { Note } from './note.ts'

const PAUSE = 300

export interface ComposerEvents {
  send(draft: Draft): void
  edit(edit: Edit): void
  /** ArrowUp in an empty composer. */
  editLast(): void
  typing(isTyping: boolean): void
}

/** The place to write in: keeps the draft, grows, and hands over what is to be sent. */
export class Composer {
  #conversationId: number
  #events: ComposerEvents
  #form = element<HTMLFormElement>('composer')
  #field: Field
  #context = new Context(() => this.#cancel())
  #tray: Tray
  #note = new Note()
  #refused: Refusal | undefined
  #signal: AbortSignal
  #timer = 0

  constructor(conversationId: number, events: ComposerEvents, signal: AbortSignal) {
    this.#conversationId = conversationId
    this.#events = events
    this.#signal = signal
    this.#field = new Field({ changed: () => this.#typed(), submit: () => this.#submit() }, signal)
    const kept = draftOf(conversationId)
    this.#tray = new Tray(conversationId, kept.attachments, signal)
    this.#begin(kept)
    this.#tray.onChange = () => this.#changed()
    this.#tray.onReady = () => this.#submit()
    this.#listen()
    this.#field.enrich()
  }

  #begin(kept: Draft): void {
    // A field the browser filled by itself after a reload, or somebody before the script came, is the newest.
    const typed = this.#field.get()
    const isNewer = typed.text !== '' && typed.text !== kept.text
    this.#show(isNewer ? { ...kept, ...typed } : kept)
    const edit = editOf(this.#conversationId)
    if (edit && !isNewer) this.#showEdit(edit)
    // Enter, before the script was there to hear it, has only broken the line.
    if (enterSends() && /\S\s*\n$/.test(typed.text)) queueMicrotask(() => this.#submit())
  }

  #listen(): void {
    this.#form.addEventListener('submit', (event) => {
      event.preventDefault()
      this.#submit()
    })
    this.#form.addEventListener('keydown', (event) => this.#key(event), { capture: true })
    this.#form.addEventListener('click', ({ target }) => {
      const button = (target as Element).closest('[data-action="emoji"]')
      if (button) void pickEmoji(button, (emoji) => this.#insert(emoji))
    })
    watchDraft(this.#conversationId, (draft) => this.#changedElsewhere(draft), this.#signal)
    addEventListener('pagehide', () => this.keep(), { signal: this.#signal })
  }

  focus(): void {
    this.#field.focus()
  }

  /** Whether nothing is being written here that something else could push aside. */
  get isFree(): boolean {
    return !this.#context.editing && !isSomething(this.#draft()) && !this.#tray.any
  }

  reply(message: Message): void {
    if (this.#context.editing) this.#cancel()
    this.#context.set({ reply: replyTo(message) })
    this.keep()
    this.focus()
  }

  edit(message: Message): void {
    if (this.#context.editing) this.#cancel()
    this.keep()
    this.#showEdit({ ...shownOf(message), edits: message })
    this.focus()
  }

  attach(files: File[]): void {
    if (!this.#context.editing) this.#tray.add(files)
  }

  /** Puts into the free composer what was not taken, or was thrown away by mistake. */
  take(draft: Draft): void {
    if (draft.edits) this.#showEdit({ ...draft, edits: draft.edits })
    else {
      this.#tray.restore(draft.attachments ?? [])
      this.#show(draft)
    }
    this.keep()
    if (this.#field.holds(document.activeElement) || document.activeElement === document.body) this.focus()
  }

  /** Makes room. @returns what was being written */
  empty(): Draft[] {
    const { editing } = this.#context
    const held: Draft[] = editing ? [{ ...this.#field.get(), edits: editing }] : []
    if (editing) this.#leaveEdit()
    const draft = this.#draft()
    if (isSomething(draft)) held.push(draft)
    this.#clear()
    return held
  }

  /** Writes down now what was typed. */
  keep(): void {
    clearTimeout(this.#timer)
    const { editing } = this.#context
    if (editing) keepEdit(this.#conversationId, { ...this.#draft(), edits: editing })
    else keepDraft(this.#conversationId, this.#draft())
  }

  #draft(): Draft {
    const { reply, editing } = this.#context
    const attachments = editing ? [] : this.#tray.done
    return {
      ...this.#field.get(),
      ...(reply && { reply }),
      ...(attachments.length && { attachments }),
      ...(this.#refused && { refused: this.#refused }),
    }
  }

  #show(draft: Draft): void {
    this.#refused = draft.refused
    this.#field.set(draft)
    this.#context.set({ reply: draft.reply })
    this.#tray.hide(false)
    this.#mark()
  }

  #showEdit(edit: Edit): void {
    this.#refused = edit.refused
    this.#context.set({ editing: edit.edits })
    this.#tray.hide(true)
    this.#field.set(edit)
    this.#mark()
  }

  #typed(): void {
    if (!this.#context.editing) this.#events.typing(Boolean(this.#field.get().text.trim()))
    this.#refused = undefined
    this.#changed()
  }

  #changed(): void {
    this.#mark()
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => this.keep(), PAUSE)
  }

  #submit(): void {
    const { editing } = this.#context
    const draft = sendable(this.#draft())
    if (countCharacters(draft.text) > maxCharacters) return tell(reader.t('refused.too_long'))
    if (editing) {
      if (!draft.text && !editing.attachments.length) return
      this.#leaveEdit()
      this.#events.edit({ ...draft, edits: editing })
      return
    }
    if (!this.#tray.settled() || (!draft.text && !draft.attachments)) return
    this.#clear()
    this.#events.send(draft)
    this.#field.focus()
  }

  #clear(): void {
    this.#tray.clear()
    this.#show(nothing)
    this.keep()
  }

  /** Back to what was being written before. */
  #leaveEdit(): void {
    keepEdit(this.#conversationId, undefined)
    this.#context.set({})
    this.#show(draftOf(this.#conversationId))
    this.focus()
  }

  #cancel(): void {
    const { editing } = this.#context
    if (!editing) {
      this.#context.set({})
      this.keep()
      return this.focus()
    }
    const left = { ...this.#field.get(), edits: editing }
    this.#leaveEdit()
    if (left.html === editing.content) return
    tell(reader.t('messages.discarded'), { label: reader.t('messages.undo'), act: () => this.#again(left) })
  }

  #again(left: Edit): void {
    if (this.#signal.aborted) return keepEdit(this.#conversationId, left)
    if (this.#context.editing) this.#cancel()
    this.keep()
    this.#showEdit(left)
    this.focus()
  }

  #key(event: KeyboardEvent): void {
    if (isComposing(event)) return
    const { reply, editing } = this.#context
    if (
      event.key === 'Escape' &&
      (reply || editing) &&
      !this.#form.querySelector('.format-bar__link:focus-within')
    ) {
      event.preventDefault()
      event.stopPropagation()
      this.#cancel()
    } else if (event.key === 'ArrowUp' && !editing && this.#field.holds(event.target)) {
      if (event.shiftKey || event.altKey || event.ctrlKey || event.metaKey) return
      if (this.#field.get().text.trim() || this.#tray.any) return
      event.preventDefault()
      this.#events.editLast()
    }
  }

  #insert(text: string): void {
    this.#field.insert(text)
    this.#typed()
  }

  // Never overwrites what somebody is typing here.
  #changedElsewhere(draft: Draft): void {
    if (this.#context.editing || (this.#field.holds(document.activeElement) && document.hasFocus())) return
    this.#show(draft)
  }

  #mark(): void {
    const text = this.#field.get().text.trim()
    this.#form.classList.toggle('composer--ready', Boolean(text) || this.#tray.any)
    this.#note.show(countCharacters(text), this.#refused)
  }
}

const shownOf = ({ content, content_text }: Message): Draft => ({
  html: content ?? '',
  text: content_text ?? '',
})
