import type Quill from 'quill/core.js'
import formatBarTemplate from '../../views/conversations/format-bar.eta'
import { renderTemplate } from '../render.ts'
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

/** Shown while switched on, or while text is selected. */
export class FormatBar {
  #quill: Quill
  #bar = document.querySelector<HTMLElement>('.format-bar') as HTMLElement
  #button = document.querySelector<HTMLElement>('[data-action="format"]') as HTMLElement
  #link: LinkBox
  #isPinned: boolean

  constructor(quill: Quill, isPinned = false) {
    this.#quill = quill
    this.#isPinned = isPinned
    this.#bar.innerHTML = renderTemplate(formatBarTemplate, {})
    this.#link = new LinkBox(quill, this.#bar.querySelector('.format-bar__link') as HTMLElement)
    quill.on('editor-change', () => this.#show())
    this.#button.addEventListener('click', () => this.#toggle())
    // Otherwise a button would take the focus, and the selection with it.
    this.#bar.addEventListener(
      'mousedown',
      (event) => this.#link.holds(event.target) || event.preventDefault(),
    )
    this.#bar.addEventListener('click', ({ target }) => this.#click(target as Element))
    this.#show()
  }

  #toggle(): void {
    this.#isPinned = !this.#isPinned
    this.#show()
    this.#quill.focus({ preventScroll: true })
  }

  #show(): void {
    const range = this.#quill.getSelection()
    if (this.#link.isOpen && !range) return
    this.#link.close()
    this.#bar.hidden = !this.#isPinned && !range?.length
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

  #click(target: Element): void {
    const format = target.closest<HTMLElement>('[data-format]')?.dataset.format
    if (format === 'link') this.#link.open()
    else if (format) toggles[format]?.(this.#quill, this.#quill.getFormat())
  }
}
