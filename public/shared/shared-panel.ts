import type { Shared, SharedKind } from '../../server/contract/shared.ts'
import fileTemplate from '../../views/shared/file.eta'
import imageTemplate from '../../views/shared/image.eta'
import linkTemplate from '../../views/shared/link.eta'
import { type Drawn, draw } from '../keyed.ts'
import { reader } from '../page.ts'
import { render, renderTemplate } from '../render.ts'
import { onNearEnd } from '../search-list.ts'
import { SharedList } from './shared-list.ts'

const templates = { images: imageTemplate, files: fileTemplate, links: linkTemplate }
const icons = { images: 'image', files: 'file', links: 'link' }
/** After which somebody is told that it is loading. */
const slowMs = 200

/** The panel of a tab: its items, what is to be said in their place, and the button for older ones. */
export class SharedPanel {
  readonly list: SharedList
  #panel: HTMLElement
  #isSlow = false

  /** @param panel as `shared/dialog` draws it */
  constructor(panel: HTMLElement, conversationId: number, kind: SharedKind) {
    this.#panel = panel
    this.list = new SharedList(conversationId, kind, () => this.draw())
    onNearEnd(panel, () => void this.#next())
    panel.addEventListener('click', ({ target }) => {
      const button = (target as Element).closest<HTMLElement>('[data-shared], [data-search]')
      if (button) void this.#more()
    })
  }

  /** Loads the first page when it is shown for the first time. */
  show(isShown: boolean): void {
    this.#panel.hidden = !isShown
    if (isShown && this.list.state === 'new') void this.#next()
  }

  draw(): void {
    const { items, kind, hasMore, state } = this.list
    draw(
      this.#part('ul'),
      items.map((item) => ({ key: keyOf(item), html: renderTemplate(templates[kind], { item }) })),
    )
    draw(this.#part('.shared__state'), this.#said())
    this.#part('.shared__older').hidden = !hasMore || state === 'failed'
    this.#panel.ariaBusy = String(state === 'asking')
  }

  async #next(): Promise<void> {
    this.#isSlow = false
    const slow = setTimeout(() => {
      this.#isSlow = true
      this.draw()
    }, slowMs)
    await this.list.more()
    clearTimeout(slow)
  }

  /** The focus goes to the first of those that came, for the button may be gone. */
  async #more(): Promise<void> {
    const before = this.list.items.length
    await this.#next()
    const next = this.#part('ul').children[before]?.querySelector('a')
    ;(next ?? this.#panel).focus()
  }

  #said(): Drawn[] {
    const { items, kind, state } = this.list
    const { t } = reader
    if (state === 'asking' && !items.length && this.#isSlow)
      return [{ key: 'waiting', html: `<p data-key="waiting">${t('shared.waiting')}</p>` }]
    if (state === 'failed') {
      const words = { headline: t('shared.failed'), text: t('conversations.list_failed_text') }
      return [
        {
          key: 'nothing',
          html: render('conversations/nothing', { icon: 'wifi-off', ...words, searchAgain: true }),
        },
      ]
    }
    if (state !== 'answered' || items.length) return []
    const words = { headline: t(`shared.no_${kind}`), text: t('shared.no_text') }
    return [{ key: 'nothing', html: render('conversations/nothing', { icon: icons[kind], ...words }) }]
  }

  #part = (selector: string) => this.#panel.querySelector(selector) as HTMLElement
}

const keyOf = ({ attachment, message_id, url }: Shared) =>
  attachment ? `${attachment.id}` : `${message_id} ${url}`
