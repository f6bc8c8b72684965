import { actionsFor } from '../../views/messages/actions.ts'
import { element, reader } from '../page.ts'
import { toElement } from '../render.ts'
import type { Host } from './host.ts'
import { onSwipe, type Swipe } from './swipe.ts'

const backMs = 150
const isStill = matchMedia('(prefers-reduced-motion: reduce)')

/** A swipe to the right on a message answers it. The message's menu does so, too. */
export function followSwipes(log: HTMLElement, host: Host, signal: AbortSignal): void {
  onSwipe(log, (target) => begin(target, host), signal)
}

function begin(target: Element, host: Host): Swipe | undefined {
  const article = target.closest<HTMLElement>('article[data-message-id]')
  const message = article && host.find(Number(article.dataset.messageId))
  const column = article?.querySelector<HTMLElement>('.message__column')
  if (!message || !column || !actionsFor(message, reader.me?.id).includes('reply')) return undefined
  const mark = isStill.matches ? undefined : markBeside(article)
  let wasFar = false
  return {
    move(offset, isFar) {
      if (isFar && !wasFar) navigator.vibrate?.(10)
      wasFar = isFar
      if (!mark) return
      column.style.translate = `${offset}px`
      mark.classList.toggle('swipe-mark--far', isFar)
      mark.style.opacity = `${Math.min(1, offset / 64)}`
    },
    end(isDone) {
      mark?.remove()
      const from = column.style.translate
      column.style.translate = ''
      if (mark) column.animate({ translate: [from, '0px'] }, { duration: backMs, easing: 'ease-out' })
      if (isDone) host.reply(host.find(message.id) ?? message)
    },
  }
}

/** What says where the swipe leads, in the room that the message makes. */
function markBeside(article: HTMLElement): HTMLElement {
  const area = element('log-area')
  const { top, height } = article.getBoundingClientRect()
  const mark = toElement(`<span class="swipe-mark" aria-hidden="true">${reader.icon('reply')}</span>`)
  mark.style.top = `${top + height / 2 - area.getBoundingClientRect().top}px`
  area.append(mark)
  return mark
}
