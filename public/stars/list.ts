import type { Message } from '../../server/contract/messages.ts'
import waitingTemplate from '../../views/search/waiting.eta'
import listTemplate from '../../views/stars/list.eta'
import starTemplate from '../../views/stars/star.eta'
import { api } from '../api.ts'
import { openDialog } from '../dialog.ts'
import { failedToLoad } from '../failed.ts'
import { draw } from '../keyed.ts'
import type { Host } from '../messages/host.ts'
import { reader } from '../page.ts'
import { render, renderTemplate } from '../render.ts'
import { onNearEnd } from '../search-list.ts'
import { starMessage } from './star.ts'

/** After which the skeleton is shown. */
const slowMs = 200

interface Starred {
  message: Message
  title: string
}

/** The list of what the reader has starred. @param patch changes a message where it is shown besides */
export function openStarred(patch: Host['patch']): void {
  const dialog = openDialog(renderTemplate(listTemplate, {}))
  const [body, list, state] = ['.dialog__body', 'ul', '.stars__state'].map((each) =>
    dialog.querySelector<HTMLElement>(each),
  ) as [HTMLElement, HTMLElement, HTMLElement]
  const closing = new AbortController()
  const shown: Starred[] = []
  let cursor: string | null = null
  let isLoading = false
  let isWhole = false

  async function load(): Promise<void> {
    if (isLoading || isWhole) return
    isLoading = true
    const slow = setTimeout(() => say('waiting', renderTemplate(waitingTemplate, {})), slowMs)
    try {
      const page = await api.starred(cursor, closing.signal)
      const titles = new Map(page.conversations.map(({ id, title }) => [id, title]))
      const known = new Set(shown.map(({ message }) => message.id))
      const news = page.messages.filter(({ id }) => !known.has(id))
      shown.push(...news.map((message) => ({ message, title: titles.get(message.conversation_id) ?? '' })))
      cursor = page.next_cursor
      isWhole = !page.has_more
      drawAll()
    } catch {
      if (!closing.signal.aborted) say('failed', failedToLoad())
    } finally {
      clearTimeout(slow)
      isLoading = false
    }
  }

  function drawAll(): void {
    draw(
      list,
      shown.map((each) => ({ key: `${each.message.id}`, html: renderTemplate(starTemplate, each) })),
    )
    if (shown.length || !isWhole) return say()
    const { t } = reader
    say(
      'nothing',
      render('conversations/nothing', {
        icon: 'star',
        headline: t('stars.nothing_title'),
        text: t('stars.nothing_text'),
      }),
    )
  }

  function say(key?: string, html = ''): void {
    draw(state, key ? [{ key, html }] : [])
  }

  async function unstar(id: number): Promise<void> {
    const at = shown.findIndex(({ message }) => message.id === id)
    const [gone] = shown.splice(at, 1)
    drawAll()
    dialog.querySelectorAll<HTMLElement>('[data-unstar]')[Math.min(at, shown.length - 1)]?.focus()
    if (!shown.length) dialog.querySelector<HTMLElement>('.dialog__head button')?.focus()
    if (await starMessage({ patch }, gone!.message, false)) return
    shown.splice(at, 0, gone!)
    drawAll()
  }

  dialog.addEventListener('close', () => closing.abort())
  dialog.addEventListener('click', (event) => {
    const { unstar: id, search } =
      (event.target as Element).closest<HTMLElement>('[data-unstar], [data-search]')?.dataset ?? {}
    if (id) void unstar(Number(id))
    if (search) {
      say()
      void load()
    }
  })
  onNearEnd(body, () => void load())
  void load()
}
