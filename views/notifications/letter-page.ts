import type { Locale } from '../texts/texts.ts'
import type { MailTexts } from './texts/mail-texts.ts'

/** The data of `letter.eta`. */
export interface LetterPage {
  locale: Locale
  say: MailTexts
  /** A line as HTML, with its addresses as links. */
  linked(line: string): string
  subject: string
  /** The preview that mail programs show beside the subject. */
  preview: string
  title: string
  count: string
  messages: { sender: string; time: string; lines: string[]; files: string[] }[]
  /** How many more messages there are, in words. */
  more: string | undefined
  why: string
  /** URLs: of the conversation, and to mute it, unless it is, or turn off all emails. */
  link: string
  mute: string | undefined
  off: string
}
