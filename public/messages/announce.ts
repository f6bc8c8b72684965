import type { Message } from '../../server/contract/messages.ts'
import { spokenNews } from '../../views/messages/spoken.ts'
import { element, reader } from '../page.ts'

/** What comes within this time is read out together. */
const batchMs = 1000
/** Long enough to be noticed by a screen reader, gone before somebody walks into it. */
const readOutMs = 900

let news: Message[] = []

/** Reads new messages out: one with its author, several that come together as a number. */
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
