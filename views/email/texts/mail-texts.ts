import { type Speak, speak } from '../../texts/speak.ts'
import type { Locale } from '../../texts/texts.ts'
import en from './en.json' with { type: 'json' }
import pl from './pl.json' with { type: 'json' }

/** Texts of mails, and of the pages behind their links: apart from those of the page, which travel to every browser. */
export type Say = Speak

const texts: Record<Locale, Say> = { pl: speak('pl', pl), en: speak('en', en) }

export const sayIn = (locale: Locale): Say => texts[locale]
