import { element, reader } from '../page.ts'
import type { Draft } from './drafts.ts'
import type { Input, InputEvents } from './input.ts'
import { plainInput } from './plain.ts'

const loadQuill = () =>
  Promise.all([
    import('./rich.ts'),
    import('./format-bar.ts'),
    import('../completion/completion.ts'),
    import('../mentions/source.ts'),
    import('../emoji/source.ts'),
  ])
let quill: Awaited<ReturnType<typeof loadQuill>> | undefined

/** The text field that came with the page, replaced by Quill as soon as that has loaded. */
export class Field {
  #holder = element('composer-input')
  #input: Input
  #events: InputEvents
  #signal: AbortSignal

  constructor(events: InputEvents, signal: AbortSignal) {
    this.#events = events
    this.#signal = signal
    this.#input = plainInput(this.#holder.firstElementChild as HTMLTextAreaElement, events, signal)
  }

  get(): Draft {
    return this.#input.get()
  }

  set(draft: Draft): void {
    this.#input.set(draft)
  }

  insert(text: string): void {
    this.#input.insert(text)
  }

  focus(): void {
    this.#input.focus()
  }

  holds(target: EventTarget | null): boolean {
    return target instanceof Node && this.#holder.contains(target)
  }

  enrich(): void {
    if (quill) this.#enrich(quill)
    else void this.#enrichLater()
  }

  async #enrichLater(): Promise<void> {
    const button = document.querySelector<HTMLElement>('#composer [data-action="format"]')
    let isFormattingRequested = false
    const requestFormatting = () => {
      isFormattingRequested = true
    }
    button?.addEventListener('click', requestFormatting, { once: true })
    quill = await loadQuill()
    button?.removeEventListener('click', requestFormatting)
    if (!this.#signal.aborted) this.#enrich(quill, isFormattingRequested)
  }

  #enrich(
    [{ richInput }, { FormatBar }, { Completion }, { mentionSource }, { emojiSource }]: NonNullable<
      typeof quill
    >,
    isBarPinned = false,
  ): void {
    const plain = this.#input
    const focused = document.activeElement === plain.element
    // The cursor stays where it is.
    const { selectionStart, selectionEnd } = plain.element as HTMLTextAreaElement
    const holder = document.createElement('div')
    this.#holder.append(holder)
    const rich = richInput(holder, reader.t('composer.label'), this.#events)
    rich.set(plain.get())
    plain.element.remove()
    this.#input = rich
    if (focused) {
      rich.focus()
      rich.quill.setSelection(selectionStart, selectionEnd - selectionStart, 'silent')
    }
    new FormatBar(rich.quill, isBarPinned)
    const { mentionable } = this.#events
    const sources = [...(mentionable ? [mentionSource(mentionable)] : []), emojiSource]
    new Completion(rich.quill, sources, this.#signal)
  }
}
