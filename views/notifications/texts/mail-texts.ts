import type { Locale } from '../../texts/texts.ts'
import { type Translate, translator } from '../../texts/translator.ts'
import en from './en.json' with { type: 'json' }
import pl from './pl.json' with { type: 'json' }

/** The texts of mails and of the pages their links open. Kept apart from `views/texts`, which every browser downloads. */
export type MailTexts = Translate

const texts: Record<Locale, MailTexts> = { pl: translator('pl', pl), en: translator('en', en) }

export const mailTextsIn = (locale: Locale): MailTexts => texts[locale]
