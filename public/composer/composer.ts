import type { Attachment, Message } from '../../server/live/events.ts'
import { Tray } from '../attachments/tray.ts'
import { pickEmoji } from '../emoji/pick.ts'
import { element, reader } from '../page.ts'
import { Context, replyTo } from './context.ts'
import { type Draft, draftOf, keepDraft, nothing, watchDraft } from './drafts.ts'
import type { Input, InputEvents } from './input.ts'
import { plainInput } from './plain.ts'

const PAUSE = 300

const loadQuill = () => Promise.all([import('./rich.ts'), import('./format-bar.ts')])
let quill: Awaited<ReturnType<typeof loadQuill>> | undefined

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
  #holder = element('composer-input')
  #input: Input
  #context = new Context(() => this.#cancel())
  #tray: Tray
  #signal: AbortSignal
  #timer = 0

  constructor(conversationId: number, events: ComposerEvents, signal: AbortSignal) {
    this.#conversationId = conversationId
    this.#events = events
    this.#signal = signal
    this.#input = plainInput(this.#holder.firstElementChild as HTMLTextAreaElement, this.#inputEvents, signal)
    const kept = draftOf(conversationId)
    // A field the browser filled by itself after a reload, or somebody before the script came, is the newest.
    const typed = this.#input.get()
    this.#input.set(typed.text ? typed : kept)
    // Enter, before the script was there to hear it, has only broken the line.
    if (/\S\s*\n$/.test(typed.text)) queueMicrotask(() => this.#submit())
    this.#context.set({ reply: kept.reply })
    this.#tray = new Tray(conversationId, kept.attachments, signal)
    this.#tray.onChange = () => this.#changed()
    this.#tray.onReady = () => this.#submit()
    this.#listen()
    this.#mark()
    if (quill) this.#enrich(quill)
    else void this.#enrichLater()
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
    this.#input.focus()
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
    this.#input.set({ html: message.content ?? '', text: message.content_text ?? '' })
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
    return { ...this.#input.get(), ...(reply && { reply }), ...(attachments.length && { attachments }) }
  }

  get #inputEvents(): InputEvents {
    return { changed: () => this.#typed(), submit: () => this.#submit() }
  }

  #typed(): void {
    if (!this.#context.editing) this.#events.typing(Boolean(this.#input.get().text.trim()))
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
    this.#input.set(nothing)
    this.#context.set({})
    this.#tray.clear()
    this.#events.send(draft)
    this.keep()
    this.#mark()
    this.#input.focus()
  }

  #cancel(): void {
    if (this.#context.editing) {
      const kept = draftOf(this.#conversationId)
      this.#input.set(kept)
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
    } else if (event.key === 'ArrowUp' && !editing && this.#holder.contains(event.target as Node)) {
      if (event.shiftKey || event.altKey || event.ctrlKey || event.metaKey) return
      if (this.#input.get().text.trim() || this.#tray.any) return
      event.preventDefault()
      this.#events.editLast()
    }
  }

  #insert(text: string): void {
    this.#input.insert(text)
    this.#typed()
  }

  // Never overwrites what somebody is typing here.
  #changedElsewhere(draft: Draft): void {
    if (this.#context.editing || (this.#holder.contains(document.activeElement) && document.hasFocus()))
      return
    this.#input.set(draft)
    this.#context.set({ reply: draft.reply })
    this.#mark()
  }

  #mark(): void {
    const some = Boolean(this.#input.get().text.trim()) || this.#tray.any
    this.#form.classList.toggle('composer--ready', some)
  }

  async #enrichLater(): Promise<void> {
    const button = this.#form.querySelector<HTMLElement>('[data-action="format"]')
    let asked = false
    const ask = () => {
      asked = true
    }
    button?.addEventListener('click', ask, { once: true })
    quill = await loadQuill()
    button?.removeEventListener('click', ask)
    if (!this.#signal.aborted) this.#enrich(quill, asked)
  }

  #enrich([{ richInput }, { FormatBar }]: NonNullable<typeof quill>, asked = false): void {
    const plain = this.#input
    const focused = document.activeElement === plain.element
    const typed = plain.get()
    const { editing } = this.#context
    const kept = editing
      ? { html: editing.content ?? '', text: editing.content_text ?? '' }
      : draftOf(this.#conversationId)
    const holder = document.createElement('div')
    this.#holder.append(holder)
    const rich = richInput(holder, reader.t('composer.label'), this.#inputEvents)
    rich.set(kept.text.trim() === typed.text.trim() ? kept : typed)
    plain.element.remove()
    this.#input = rich
    if (focused) rich.focus()
    new FormatBar(rich.quill, asked)
  }
}
