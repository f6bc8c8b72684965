import { element, reader } from '../page.ts'
import { type Draft, draftOf, keepDraft, watchDraft } from './drafts.ts'
import type { Input, InputEvents } from './input.ts'
import { plainInput } from './plain.ts'

const PAUSE = 300

const loadQuill = () => Promise.all([import('./rich.ts'), import('./format-bar.ts')])
let quill: Awaited<ReturnType<typeof loadQuill>> | undefined

/** The place to write in: keeps the draft, grows, and hands over what is to be sent. */
export class Composer {
  #conversationId: number
  #send: (draft: Draft) => void
  #form = element<HTMLFormElement>('composer')
  #holder = element('composer-input')
  #input: Input
  #signal: AbortSignal
  #timer = 0

  constructor(conversationId: number, send: (draft: Draft) => void, signal: AbortSignal) {
    this.#conversationId = conversationId
    this.#send = send
    this.#signal = signal
    this.#input = plainInput(this.#holder.firstElementChild as HTMLTextAreaElement, this.#events, signal)
    // A field the browser filled by itself after a reload, or somebody before the script came, is the newest.
    const typed = this.#input.get()
    this.#input.set(typed.text ? typed : draftOf(conversationId))
    this.#form.addEventListener('submit', (event) => {
      event.preventDefault()
      this.#submit()
    })
    watchDraft(conversationId, (draft) => this.#changedElsewhere(draft), signal)
    addEventListener('pagehide', () => this.keep(), { signal })
    this.#mark()
    if (quill) this.#enrich(quill)
    else void this.#enrichLater()
  }

  focus(): void {
    this.#input.focus()
  }

  /** Writes the draft down now. */
  keep(): void {
    clearTimeout(this.#timer)
    keepDraft(this.#conversationId, this.#input.get())
  }

  get #events(): InputEvents {
    return { changed: () => this.#changed(), submit: () => this.#submit() }
  }

  #changed(): void {
    this.#mark()
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => this.keep(), PAUSE)
  }

  #submit(): void {
    const draft = this.#input.get()
    if (!draft.text.trim()) return
    this.#input.set({ html: '', text: '' })
    this.#send(draft)
    this.keep()
    this.#mark()
    this.#input.focus()
  }

  // Never overwrites what somebody is typing here.
  #changedElsewhere(draft: Draft): void {
    if (this.#holder.contains(document.activeElement) && document.hasFocus()) return
    this.#input.set(draft)
    this.#mark()
  }

  #mark(): void {
    this.#form.classList.toggle('composer--ready', Boolean(this.#input.get().text.trim()))
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
    const kept = draftOf(this.#conversationId)
    const holder = document.createElement('div')
    this.#holder.append(holder)
    const rich = richInput(holder, reader.t('composer.label'), this.#events)
    rich.set(kept.text.trim() === typed.text.trim() ? kept : typed)
    plain.element.remove()
    this.#input = rich
    if (focused) rich.focus()
    new FormatBar(rich.quill, asked)
  }
}
