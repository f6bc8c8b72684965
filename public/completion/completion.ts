import Quill, { Delta } from 'quill/core.js'
import { isComposing } from '../keys.ts'
import { element } from '../page.ts'
import { toElement } from '../render.ts'
import { place } from './place.ts'
import type { Found, Source } from './source.ts'
import { composedAt, type Typed, typedAt, wholeAt } from './typed.ts'

/** Offers above the cursor what somebody may mean by what they have begun to type, and puts in what is chosen there. */
export class Completion {
  #quill: Quill
  #sources: Source[]
  #form = element('composer')
  #list: HTMLElement | undefined
  #found: Found | undefined
  #active = 0
  #typed: Typed | undefined
  /** The place of a sign that Escape was pressed at. */
  #dismissedAt: number | undefined

  constructor(quill: Quill, sources: Source[], signal: AbortSignal) {
    this.#quill = quill
    this.#sources = sources
    quill.on('editor-change', (by) => void this.#follow(by === Quill.events.SELECTION_CHANGE))
    quill.on('text-change', (change, _, by) => {
      if (by === Quill.sources.USER) void this.#replace(change)
    })
    quill.root.addEventListener('input', () => quill.composition.isComposing && void this.#follow())
    // Before the composer and the editor get the key.
    addEventListener('keydown', (event) => this.#keydown(event), { signal, capture: true })
    addEventListener('resize', () => this.#place(), { signal })
    signal.addEventListener('abort', () => this.#close())
  }

  /** @param isCursor moved, without typing: then what is offered is for somewhere else */
  async #follow(isCursor = false): Promise<void> {
    const typed = this.#typedNow()
    const { at, words } = this.#typed ?? {}
    const isMoved = typed?.at !== at || typed?.words !== words
    if (isMoved) this.#typed = typed
    if (typed?.at !== this.#dismissedAt) this.#dismissedAt = undefined
    if (!typed || typed.at === this.#dismissedAt) return this.#close()
    if (!isMoved) return
    if (isCursor) this.#close()
    const found = await typed.source.find(typed.words)
    if (this.#typed !== typed) return
    if (found) this.#show(found)
    else this.#close()
  }

  #typedNow(): Typed | undefined {
    if (this.#quill.composition.isComposing) return this.#typed && composedAt(this.#typed)
    const range = this.#quill.getSelection()
    return range && !range.length ? typedAt(this.#quill, range.index, this.#sources) : undefined
  }

  /** Puts in what was written out, when its last sign was typed; what an undo brings back stays as it is. */
  async #replace({ ops }: Delta): Promise<void> {
    const [inserted] = ops.flatMap(({ insert }) => (typeof insert === 'string' ? insert : []))
    const range = this.#quill.getSelection()
    if (!inserted || !range || range.length) return
    const whole = wholeAt(this.#quill, range.index, this.#sources)
    if (!whole || inserted.length > whole.end - whole.at - 1) return
    const { source, words } = whole
    const length = whole.end - whole.at
    const text = this.#quill.getText(whole.at, length)
    // Typing goes on while it is looked up.
    let { at } = whole
    const follow = (change: Delta) => {
      at = change.transformPosition(at)
    }
    this.#quill.on('text-change', follow)
    const put = await source.replace?.(words)
    this.#quill.off('text-change', follow)
    if (put && this.#quill.getText(at, length) === text) this.#put(at, at + length, put)
  }

  /** Undone in one step. */
  #put(at: number, end: number, put: Delta): void {
    const cursor = this.#quill.getSelection()?.index ?? end
    this.#quill.history.cutoff()
    const change = new Delta()
      .retain(at)
      .concat(put)
      .delete(end - at)
    this.#quill.updateContents(change, Quill.sources.USER)
    this.#quill.history.cutoff()
    this.#quill.setSelection(at + put.length() + Math.max(0, cursor - end), 0, Quill.sources.SILENT)
    this.#close()
  }

  #show(found: Found): void {
    this.#found = found
    this.#active = 0
    const list = toElement(found.html)
    // A press would take the focus from the text.
    list.addEventListener('pointerdown', (event) => event.preventDefault())
    list.addEventListener('mousedown', (event) => event.preventDefault())
    list.addEventListener('click', ({ target }) => this.#click(target as Element))
    this.#list?.remove()
    this.#list = list
    this.#form.append(list)
    this.#place()
    this.#describe(list)
    this.#mark()
    element('announcer').textContent = found.said
  }

  #place(): void {
    if (this.#list && this.#typed) place(this.#list, this.#form, this.#quill, this.#typed.at)
  }

  #close(): void {
    if (!this.#list) return
    this.#list.remove()
    this.#list = undefined
    this.#found = undefined
    this.#describe(undefined)
    element('announcer').textContent = ''
  }

  /** A text field of several lines cannot be a combobox, so it is one only as long as there is something to choose. */
  #describe(list: HTMLElement | undefined): void {
    const { root } = this.#quill
    root.role = list ? 'combobox' : 'textbox'
    root.ariaMultiLine = list ? null : 'true'
    root.ariaExpanded = list ? 'true' : null
    root.ariaHasPopup = list ? 'listbox' : null
    root.ariaAutoComplete = list ? 'list' : null
    if (list) root.setAttribute('aria-controls', list.id)
    else for (const name of ['aria-controls', 'aria-activedescendant']) root.removeAttribute(name)
  }

  get #options(): HTMLElement[] {
    return [...(this.#list?.querySelectorAll<HTMLElement>('[role="option"]') ?? [])]
  }

  #mark(): void {
    const options = this.#options
    for (const [index, option] of options.entries()) option.ariaSelected = String(index === this.#active)
    const active = options[this.#active]
    if (!active) return
    active.scrollIntoView({ block: 'nearest' })
    this.#quill.root.setAttribute('aria-activedescendant', active.id)
  }

  #keydown(event: KeyboardEvent): void {
    const { key, target, shiftKey, altKey, ctrlKey, metaKey } = event
    if (!this.#list || isComposing(event) || !this.#quill.root.contains(target as Node)) return
    if (shiftKey || altKey || ctrlKey || metaKey) return
    // The browser may say that the cursor has moved only after the key.
    this.#quill.update()
    if (!this.#list) return
    if (key === 'ArrowDown') this.#move(1)
    else if (key === 'ArrowUp') this.#move(-1)
    else if (key === 'Enter' || key === 'Tab') void this.#choose(this.#active)
    else if (key === 'Escape') this.#dismiss()
    else return
    event.preventDefault()
    event.stopPropagation()
  }

  #move(by: number): void {
    const { length } = this.#options
    this.#active = (this.#active + by + length) % length
    this.#mark()
  }

  #dismiss(): void {
    this.#dismissedAt = this.#typed?.at
    this.#close()
  }

  #click(target: Element): void {
    const option = target.closest<HTMLElement>('[role="option"]')
    if (option) void this.#choose(this.#options.indexOf(option))
  }

  /** Ends what an input method is composing, and takes it into the editor. */
  async #endComposition(): Promise<void> {
    if (!this.#quill.composition.isComposing) return
    const ended = new Promise((resolve) => this.#quill.once(Quill.events.COMPOSITION_END, resolve))
    this.#quill.root.blur()
    await ended
    this.#quill.focus({ preventScroll: true })
  }

  async #choose(index: number): Promise<void> {
    const found = this.#found
    if (!found || !this.#typed) return
    const { at, words, source } = this.#typed
    await this.#endComposition()
    const end = at + 1 + words.length
    const put = found.choose(index)
    const isBlank = /\s/.test(this.#quill.getText(end, 1).replace('\n', ''))
    const cursor = at + put.length() + (source.isSpaced ? 1 : 0)
    if (source.isSpaced && !isBlank) put.insert(' ')
    this.#quill.updateContents(
      new Delta()
        .retain(at)
        .concat(put)
        .delete(end - at),
      Quill.sources.USER,
    )
    this.#quill.setSelection(cursor, 0, Quill.sources.SILENT)
    this.#close()
  }
}
