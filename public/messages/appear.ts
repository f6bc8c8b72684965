import type { Message } from '../../server/live/events.ts'
import { inOneLine } from '../../views/messages/words.ts'
import { element, reader } from '../page.ts'

/** Long enough to be noticed by a screen reader, gone before somebody walks into it. */
const READ_OUT = 1000
const LIT = 2000

/** A new bubble rises into its place. */
export function appear(node: HTMLElement): void {
  if (matchMedia('(prefers-reduced-motion: reduce)').matches) return
  node.animate(
    { opacity: [0, 1], transform: ['translateY(8px)', 'none'] },
    { duration: 140, easing: 'ease-out' },
  )
}

/** Shows which one was meant. */
export function light(node: HTMLElement): void {
  node.classList.add('message--lit')
  setTimeout(() => node.classList.remove('message--lit'), LIT)
}

/** Reads new messages out: one with its author, several as a number. */
export function announce(messages: Message[]): void {
  const [only, ...others] = messages
  const words = others.length
    ? reader.t('messages.new', { count: messages.length })
    : only && `${only.sender.display_name}: ${inOneLine(only, reader)}`
  const announcer = element('announcer')
  announcer.textContent = words ?? ''
  setTimeout(() => {
    announcer.textContent = ''
  }, READ_OUT)
}
