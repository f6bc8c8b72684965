import type Quill from 'quill/core.js'

type Toggle = (quill: Quill, now: Record<string, unknown>) => void

const inline =
  (name: string): Toggle =>
  (quill, now) =>
    quill.format(name, !now[name], 'user')
const list =
  (kind: string): Toggle =>
  (quill, now) =>
    quill.format('list', now.list !== kind && kind, 'user')

const toggles: Record<string, Toggle> = {
  bold: inline('bold'),
  italic: inline('italic'),
  underline: inline('underline'),
  strike: inline('strike'),
  quote: inline('blockquote'),
  ordered: list('ordered'),
  bullet: list('bullet'),
  code: (quill, now) => {
    const { index, length } = quill.getSelection(true)
    const several = !length || quill.getText(index, length).includes('\n')
    const name = several || now['code-block'] ? 'code-block' : 'code'
    quill.format(name, !now[name], 'user')
  },
}

/** The bar above the input: shown while asked for, or while text is selected. */
export class FormatBar {
  #quill: Quill
  #bar = document.querySelector<HTMLElement>('.format-bar') as HTMLElement
  #button = document.querySelector<HTMLElement>('[data-action="format"]') as HTMLElement
  #link = this.#bar.querySelector<HTMLElement>('.format-bar__link') as HTMLElement
  #address = this.#link.querySelector('input') as HTMLInputElement
  #asked: boolean

  constructor(quill: Quill, asked = false) {
    this.#quill = quill
    this.#asked = asked
    quill.on('editor-change', () => this.#show())
    this.#button.addEventListener('click', () => this.#toggle())
    // The selection stays where it is: a button must not take the focus from the text.
    this.#bar.addEventListener(
      'mousedown',
      (event) => event.target !== this.#address && event.preventDefault(),
    )
    this.#bar.addEventListener('click', (event) => this.#press(event))
    this.#bar.addEventListener('keydown', (event) => this.#key(event))
    this.#show()
  }

  #toggle(): void {
    this.#asked = !this.#asked
    this.#show()
    this.#quill.focus({ preventScroll: true })
  }

  #show(): void {
    const range = this.#quill.getSelection()
    if (!this.#link.hidden && !range) return
    this.#link.hidden = true
    this.#bar.hidden = !this.#asked && !range?.length
    this.#button.ariaExpanded = String(!this.#bar.hidden)
    const now = range ? this.#quill.getFormat(range) : {}
    const on: Record<string, unknown> = {
      ...now,
      quote: now.blockquote,
      ordered: now.list === 'ordered',
      bullet: now.list === 'bullet',
      code: now.code || now['code-block'],
    }
    for (const button of this.#bar.querySelectorAll<HTMLElement>('[data-format]'))
      button.ariaPressed = String(Boolean(on[button.dataset.format as string]))
  }

  #press(event: Event): void {
    const target = event.target as Element
    const format = target.closest<HTMLElement>('[data-format]')?.dataset.format
    if (format === 'link') this.#askForLink()
    else if (format) toggles[format]?.(this.#quill, this.#quill.getFormat())
    else if (target.closest('[data-action="link-save"]')) this.#saveLink()
  }

  #askForLink(): void {
    const range = this.#quill.getSelection(true)
    const { link } = this.#quill.getFormat(range)
    if (link) return void this.#quill.format('link', false, 'user')
    this.#link.hidden = false
    this.#address.value = ''
    this.#address.focus()
  }

  #saveLink(): void {
    const typed = this.#address.value.trim()
    const href = /^(https?:|mailto:)/i.test(typed) ? typed : `https://${typed}`
    const range = this.#quill.getSelection(true)
    this.#link.hidden = true
    if (!typed) return
    if (range.length) this.#quill.format('link', href, 'user')
    else this.#quill.insertText(range.index, typed, { link: href }, 'user')
  }

  #key(event: KeyboardEvent): void {
    if (event.target === this.#address && event.key === 'Enter') {
      event.preventDefault()
      this.#saveLink()
    } else if (event.key === 'Escape') {
      this.#link.hidden = true
      this.#quill.focus({ preventScroll: true })
    }
  }
}
