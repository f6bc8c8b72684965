import Quill, { Delta } from 'quill/core.js'
import type { Member } from '../../server/contract/conversations.ts'
import listTemplate from '../../views/mentions/list.eta'
import { handlesOf } from '../../views/people/handles.ts'
import { isComposing } from '../keys.ts'
import { element, reader } from '../page.ts'
import { renderTemplate, toElement } from '../render.ts'
import { matching } from './matching.ts'
import { place } from './place.ts'
import { composedAt, type Typed, typedAt } from './typed.ts'

const maxShown = 8

/** Offers the members of a group above the cursor, once an "@" is typed, and puts the one chosen there as a mention. */
export class Completion {
  #quill: Quill
  #members: () => Promise<Member[]>
  #form = element('composer')
  #list: HTMLElement | undefined
  #shown: Member[] = []
  #active = 0
  #typed: Typed | undefined
  /** The place of an "@" that Escape was pressed at. */
  #dismissedAt: number | undefined

  constructor(quill: Quill, members: () => Promise<Member[]>, signal: AbortSignal) {
    this.#quill = quill
    this.#members = members
    quill.on('editor-change', () => void this.#follow())
    quill.root.addEventListener('input', () => quill.composition.isComposing && void this.#follow())
    // Before the composer and the editor get the key.
    addEventListener('keydown', (event) => this.#keydown(event), { signal, capture: true })
    addEventListener('resize', () => this.#place(), { signal })
    signal.addEventListener('abort', () => this.#close())
  }

  async #follow(): Promise<void> {
    const typed = this.#typedNow()
    const { at, words } = this.#typed ?? {}
    const isMoved = typed?.at !== at || typed?.words !== words
    if (isMoved) this.#typed = typed
    if (typed?.at !== this.#dismissedAt) this.#dismissedAt = undefined
    if (!typed || typed.at === this.#dismissedAt) return this.#close()
    if (!isMoved) return
    const members = await this.#members()
    if (this.#typed !== typed) return
    this.#show(matching(members, typed.words))
  }

  #typedNow(): Typed | undefined {
    if (this.#quill.composition.isComposing) return this.#typed && composedAt(this.#typed.at)
    const range = this.#quill.getSelection()
    return range && !range.length ? typedAt(this.#quill, range.index) : undefined
  }

  #show(found: Member[]): void {
    this.#shown = found.slice(0, maxShown)
    this.#active = 0
    if (!this.#shown.length) return this.#close()
    const handles = handlesOf(this.#shown)
    const people = this.#shown.map((member) => ({ member, handle: handles.get(member.user_id) }))
    const list = toElement(renderTemplate(listTemplate, { people, more: found.length - people.length }))
    // A press would take the focus from the text.
    list.addEventListener('pointerdown', (event) => event.preventDefault())
    list.addEventListener('mousedown', (event) => event.preventDefault())
    list.addEventListener('click', ({ target }) => this.#click(target as Element))
    this.#list?.remove()
    this.#list = list
    this.#form.append(list)
    this.#place()
    this.#describe(true)
    this.#mark()
    element('announcer').textContent = reader.t('mentions.found', { count: found.length })
  }

  #place(): void {
    if (this.#list && this.#typed) place(this.#list, this.#form, this.#quill, this.#typed.at)
  }

  #close(): void {
    if (!this.#list) return
    this.#list.remove()
    this.#list = undefined
    this.#shown = []
    this.#describe(false)
    element('announcer').textContent = ''
  }

  /** A text field of several lines cannot be a combobox, so it is one only as long as there is something to choose. */
  #describe(isOpen: boolean): void {
    const { root } = this.#quill
    root.role = isOpen ? 'combobox' : 'textbox'
    root.ariaMultiLine = isOpen ? null : 'true'
    root.ariaExpanded = isOpen ? 'true' : null
    root.ariaHasPopup = isOpen ? 'listbox' : null
    root.ariaAutoComplete = isOpen ? 'list' : null
    if (isOpen) root.setAttribute('aria-controls', 'mention-list')
    else for (const name of ['aria-controls', 'aria-activedescendant']) root.removeAttribute(name)
  }

  #mark(): void {
    const options = [...(this.#list?.querySelectorAll<HTMLElement>('[role="option"]') ?? [])]
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
    if (key === 'ArrowDown') this.#move(1)
    else if (key === 'ArrowUp') this.#move(-1)
    else if (key === 'Enter' || key === 'Tab') void this.#choose(this.#shown[this.#active])
    else if (key === 'Escape') this.#dismiss()
    else return
    event.preventDefault()
    event.stopPropagation()
  }

  #move(by: number): void {
    this.#active = (this.#active + by + this.#shown.length) % this.#shown.length
    this.#mark()
  }

  #dismiss(): void {
    this.#dismissedAt = this.#typed?.at
    this.#close()
  }

  #click(target: Element): void {
    const id = Number(target.closest<HTMLElement>('[data-user-id]')?.dataset.userId)
    void this.#choose(this.#shown.find((member) => member.user_id === id))
  }

  /** Ends what an input method is composing, and takes it into the editor. */
  async #endComposition(): Promise<void> {
    if (!this.#quill.composition.isComposing) return
    const ended = new Promise((resolve) => this.#quill.once(Quill.events.COMPOSITION_END, resolve))
    this.#quill.root.blur()
    await ended
    this.#quill.focus({ preventScroll: true })
  }

  async #choose(member: Member | undefined): Promise<void> {
    if (!member || !this.#typed) return
    const { at, words } = this.#typed
    await this.#endComposition()
    const end = at + 1 + words.length
    const mention = { text: `@${member.display_name}`, id: String(member.user_id) }
    const isSpaced = /\s/.test(this.#quill.getText(end, 1).replace('\n', ''))
    const change = new Delta().retain(at).insert({ mention })
    if (!isSpaced) change.insert(' ')
    this.#quill.updateContents(change.delete(end - at), Quill.sources.USER)
    this.#quill.setSelection(at + 2, 0, Quill.sources.SILENT)
    this.#close()
  }
}
