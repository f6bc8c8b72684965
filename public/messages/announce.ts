import type { Message } from '../../server/contract/messages.ts'
import { spokenNews } from '../../views/messages/spoken.ts'
import { element, reader } from '../page.ts'

/** Messages within this time are announced together. */
const batchMs = 1000
/** Long enough for a screen reader to notice; gone before anyone navigates to it. */
const readOutMs = 900

let news: Message[] = []

/** To screen readers: one message with its author and text, several as a count. */
export function announce(messages: readonly Message[]): void {
  if (!news.length && messages.length) setTimeout(readOut, batchMs)
  news.push(...messages)
}

function readOut(): void {
  const [only, ...others] = news
  const announcer = element('announcer')
  if (only)
    announcer.textContent = others.length
      ? reader.t('messages.new', { count: news.length })
      : spokenNews(only, reader)
  news = []
  setTimeout(() => {
    announcer.textContent = ''
  }, readOutMs)
}
