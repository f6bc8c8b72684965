import type { Attachment, Message } from '../../server/live/events.ts'
import { Tray } from '../attachments/tray.ts'
import { pickEmoji } from '../emoji/pick.ts'
import { element } from '../page.ts'
import { Context, replyTo } from './context.ts'
import { type Draft, draftOf, keepDraft, nothing, watchDraft } from './drafts.ts'
import { Field } from './field.ts'

const PAUSE = 300

export interface ComposerEvents {
  send(draft: Draft): void
  edit(message: Message, draft: Draft): void
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
  #signal: AbortSignal
  #timer = 0

  constructor(conversationId: number, events: ComposerEvents, signal: AbortSignal) {
    this.#conversationId = conversationId
    this.#events = events
    this.#signal = signal
    const kept = draftOf(conversationId)
    this.#field = new Field(
      () => (this.#context.editing ? shownOf(this.#context.editing) : draftOf(conversationId)),
      { changed: () => this.#typed(), submit: () => this.#submit() },
      signal,
    )
    // A field the browser filled by itself after a reload, or somebody before the script came, is the newest.
    const typed = this.#field.get()
    this.#field.set(typed.text ? typed : kept)
    // Enter, before the script was there to hear it, has only broken the line.
    if (/\S\s*\n$/.test(typed.text)) queueMicrotask(() => this.#submit())
    this.#context.set({ reply: kept.reply })
    this.#tray = new Tray(conversationId, kept.attachments, signal)
    this.#tray.onChange = () => this.#changed()
    this.#tray.onReady = () => this.#submit()
    this.#listen()
    this.#mark()
    this.#field.enrich()
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

  reply(message: Message): void {
    if (this.#context.editing) this.#cancel()
    this.#context.set({ reply: replyTo(message) })
    this.keep()
    this.focus()
  }

  edit(message: Message): void {
    this.keep()
    this.#context.set({ editing: message })
    this.#tray.hide(true)
    this.#field.set(shownOf(message))
    this.#mark()
    this.focus()
  }

  attach(files: File[]): void {
    if (!this.#context.editing) this.#tray.add(files)
  }

  /** Writes the draft down now; a text that is being changed is none. */
  keep(): void {
    clearTimeout(this.#timer)
    if (!this.#context.editing) keepDraft(this.#conversationId, this.#draft())
  }

  #draft(): Draft {
    const { reply } = this.#context
    const attachments: Attachment[] = this.#tray.done
    return { ...this.#field.get(), ...(reply && { reply }), ...(attachments.length && { attachments }) }
  }

  #typed(): void {
    if (!this.#context.editing) this.#events.typing(Boolean(this.#field.get().text.trim()))
    this.#changed()
  }

  #changed(): void {
    this.#mark()
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => this.keep(), PAUSE)
  }

  #submit(): void {
    const { editing } = this.#context
    const draft = this.#draft()
    if (editing) {
      if (!draft.text.trim() && !editing.attachments.length) return
      this.#cancel()
      this.#events.edit(editing, draft)
      return
    }
    if (!this.#tray.settled() || (!draft.text.trim() && !draft.attachments)) return
    this.#field.set(nothing)
    this.#context.set({})
    this.#tray.clear()
    this.#events.send(draft)
    this.keep()
    this.#mark()
    this.#field.focus()
  }

  #cancel(): void {
    if (this.#context.editing) {
      const kept = draftOf(this.#conversationId)
      this.#field.set(kept)
      this.#context.set({ reply: kept.reply })
      this.#tray.hide(false)
    } else {
      this.#context.set({})
      this.keep()
    }
    this.#mark()
    this.focus()
  }

  #key(event: KeyboardEvent): void {
    if (event.isComposing) return
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
    this.#field.set(draft)
    this.#context.set({ reply: draft.reply })
    this.#mark()
  }

  #mark(): void {
    const some = Boolean(this.#field.get().text.trim()) || this.#tray.any
    this.#form.classList.toggle('composer--ready', some)
  }
}

const shownOf = ({ content, content_text }: Message): Draft => ({
  html: content ?? '',
  text: content_text ?? '',
})
