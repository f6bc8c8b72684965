import type Quill from 'quill/core.js'
import { isComposing, isEnter } from '../keys.ts'
import { reader } from '../page.ts'
import { addressOf } from './address.ts'

interface Place {
  index: number
  length: number
}

/** Where the address of a link is typed or changed. */
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
    box.addEventListener('keydown', (event) => this.#keydown(event))
    box.addEventListener('click', ({ target }) => this.#click(target as Element))
    this.#address.addEventListener('input', () => this.#showError(''))
  }

  get isOpen(): boolean {
    return !this.#box.hidden
  }

  /** Whether the target is the address field, which must get the focus. */
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
    this.#showError('')
    this.#address.select()
    this.#address.focus()
  }

  close(): void {
    this.#box.hidden = true
  }

  #click(target: Element): void {
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

  /** Returns to the text after the link; what is typed there is not part of it. */
  #leave(): void {
    this.close()
    this.#quill.focus({ preventScroll: true })
    this.#quill.setSelection(this.#place.index + this.#place.length, 'user')
    this.#quill.format('link', false, 'user')
  }

  #refuse(): void {
    this.#showError(reader.t('composer.link_wrong'))
    this.#address.focus()
  }

  #showError(words: string): void {
    this.#error.textContent = words
    this.#address.setAttribute('aria-invalid', String(Boolean(words)))
  }

  #keydown(event: KeyboardEvent): void {
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

/** Without the scheme, where the rest is understood to mean the same. */
function shortOf(link: string): string {
  const short = link.replace(/^(mailto|tel):/, '')
  return addressOf(short) === link ? short : link
}

/** The extent of the link around the cursor. */
function linkAt(quill: Quill, index: number, link: unknown): Place {
  if (!link) return { index, length: 0 }
  const isLink = (at: number) => quill.getFormat(at, 1).link === link
  let [start, end] = [index, index]
  while (start > 0 && isLink(start - 1)) start--
  while (end < quill.getLength() && isLink(end)) end++
  return { index: start, length: end - start }
}
