import type { Locale } from '../texts/texts.ts'
import type { Say } from './texts/mail-texts.ts'

/** What a letter is drawn from. */
export interface LetterPage {
  locale: Locale
  say: Say
  /** A line as HTML, its addresses clickable. */
  linked(line: string): string
  subject: string
  /** What a mail program shows beside the subject. */
  preview: string
  title: string
  count: string
  messages: { sender: string; time: string; lines: string[]; files: string[] }[]
  /** How many further ones there are, in words. */
  more: string | undefined
  why: string
  /** Of the conversation, and of the two ways to get no more of this. */
  link: string
  mute: string
  off: string
}
