import type Quill from 'quill/core.js'
import { indent } from './indent.ts'
import { LinkBox } from './link-box.ts'

type Toggle = (quill: Quill, now: Record<string, unknown>) => void

const inline =
  (name: string): Toggle =>
  (quill, now) =>
    quill.format(name, !now[name], 'user')
const list =
  (kind: string): Toggle =>
  (quill, now) => {
    quill.format('list', now.list !== kind && kind, 'user')
    if (now.list === kind) quill.format('indent', false, 'user')
  }

const toggles: Record<string, Toggle> = {
  bold: inline('bold'),
  italic: inline('italic'),
  underline: inline('underline'),
  strike: inline('strike'),
  quote: (quill, now) => quill.format('blockquote', now.blockquote ? false : '1', 'user'),
  ordered: list('ordered'),
  bullet: list('bullet'),
  outdent: (quill) => indent(quill, -1),
  indent: (quill) => indent(quill, 1),
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
  #link: LinkBox
  #asked: boolean

  constructor(quill: Quill, asked = false) {
    this.#quill = quill
    this.#asked = asked
    this.#link = new LinkBox(quill, this.#bar.querySelector('.format-bar__link') as HTMLElement)
    quill.on('editor-change', () => this.#show())
    this.#button.addEventListener('click', () => this.#toggle())
    // The selection stays where it is: a button must not take the focus from the text.
    this.#bar.addEventListener(
      'mousedown',
      (event) => this.#link.holds(event.target) || event.preventDefault(),
    )
    this.#bar.addEventListener('click', ({ target }) => this.#press(target as Element))
    this.#show()
  }

  #toggle(): void {
    this.#asked = !this.#asked
    this.#show()
    this.#quill.focus({ preventScroll: true })
  }

  #show(): void {
    const range = this.#quill.getSelection()
    if (this.#link.isOpen && !range) return
    this.#link.close()
    this.#bar.hidden = !this.#asked && !range?.length
    this.#button.ariaExpanded = String(!this.#bar.hidden)
    this.#mark(range ? this.#quill.getFormat(range) : {})
  }

  #mark(now: Record<string, unknown>): void {
    const on: Record<string, unknown> = {
      ...now,
      quote: now.blockquote,
      ordered: now.list === 'ordered',
      bullet: now.list === 'bullet',
      code: now.code || now['code-block'],
    }
    for (const button of this.#bar.querySelectorAll<HTMLElement>('[data-format]')) {
      const format = button.dataset.format as string
      if (format.endsWith('dent')) button.hidden = !now.list && !now['code-block']
      else button.ariaPressed = String(Boolean(on[format]))
    }
  }

  #press(target: Element): void {
    const format = target.closest<HTMLElement>('[data-format]')?.dataset.format
    if (format === 'link') this.#link.open()
    else if (format) toggles[format]?.(this.#quill, this.#quill.getFormat())
  }
}
