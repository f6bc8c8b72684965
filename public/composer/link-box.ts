import type Quill from 'quill/core.js'
import { isComposing, isEnter } from '../keys.ts'
import { reader } from '../page.ts'
import { addressOf } from './address.ts'

interface Place {
  index: number
  length: number
}

/** Where a link is given its address, a new one or another. */
export class LinkBox {
  #quill: Quill
  #box: HTMLElement
  #address: HTMLInputElement
  #error: HTMLElement
  #remove: HTMLElement
  #place: Place = { index: 0, length: 0 }

  constructor(quill: Quill, box: HTMLElement) {
    this.#quill = quill
    this.#box = box
    this.#address = box.querySelector('input') as HTMLInputElement
    this.#error = box.querySelector('.format-bar__error') as HTMLElement
    this.#remove = box.querySelector('[data-action="link-remove"]') as HTMLElement
    box.addEventListener('keydown', (event) => this.#key(event))
    box.addEventListener('click', ({ target }) => this.#press(target as Element))
    this.#address.addEventListener('input', () => this.#say(''))
  }

  get isOpen(): boolean {
    return !this.#box.hidden
  }

  /** Whether a press is meant for the field itself, which must get the focus. */
  holds(target: EventTarget | null): boolean {
    return target === this.#address
  }

  open(): void {
    const range = this.#quill.getSelection(true)
    const { link } = this.#quill.getFormat(range)
    this.#place = range.length ? range : linkAt(this.#quill, range.index, link)
    this.#box.hidden = false
    this.#remove.hidden = !link
    this.#address.value = typeof link === 'string' ? shortOf(link) : ''
    this.#say('')
    this.#address.select()
    this.#address.focus()
  }

  close(): void {
    this.#box.hidden = true
  }

  #press(target: Element): void {
    if (target.closest('[data-action="link-save"]')) this.#save()
    else if (target.closest('[data-action="link-remove"]')) this.#set(false)
    else if (target.closest('[data-action="link-cancel"]')) this.#leave()
  }

  #save(): void {
    const typed = this.#address.value.trim()
    const address = addressOf(typed)
    if (!address) return this.#refuse()
    if (this.#place.length) return this.#set(address)
    const { index } = this.#place
    this.#quill.insertText(index, typed, { link: address }, 'user')
    this.#place = { index, length: typed.length }
    this.#leave()
  }

  #set(address: string | false): void {
    const { index, length } = this.#place
    this.#quill.formatText(index, length, 'link', address, 'user')
    this.#leave()
  }

  /** Back to the text, behind the link; what is typed there is none. */
  #leave(): void {
    this.close()
    this.#quill.focus({ preventScroll: true })
    this.#quill.setSelection(this.#place.index + this.#place.length, 'user')
    this.#quill.format('link', false, 'user')
  }

  #refuse(): void {
    this.#say(reader.t('composer.link_wrong'))
    this.#address.focus()
  }

  #say(words: string): void {
    this.#error.textContent = words
    this.#address.setAttribute('aria-invalid', String(Boolean(words)))
  }

  #key(event: KeyboardEvent): void {
    if (isEnter(event) && event.target === this.#address) {
      event.preventDefault()
      this.#save()
    } else if (event.key === 'Escape' && !isComposing(event)) {
      event.preventDefault()
      event.stopPropagation()
      this.#leave()
    }
  }
}

/** Without its scheme, where it is the same without. */
function shortOf(link: string): string {
  const short = link.replace(/^(mailto|tel):/, '')
  return addressOf(short) === link ? short : link
}

/** All of a link of which the cursor is somewhere inside. */
function linkAt(quill: Quill, index: number, link: unknown): Place {
  if (!link) return { index, length: 0 }
  const isLink = (at: number) => quill.getFormat(at, 1).link === link
  let [start, end] = [index, index]
  while (start > 0 && isLink(start - 1)) start--
  while (end < quill.getLength() && isLink(end)) end++
  return { index: start, length: end - start }
}
