import { limits } from '../../server/contract/limits.ts'
import en from './en.json' with { type: 'json' }
import pl from './pl.json' with { type: 'json' }
import { speak } from './speak.ts'

export type Locale = 'pl' | 'en'

type Plural = 'one' | 'few' | 'many' | 'other'
type Base<Key> = Key extends `${infer Stem}_${Plural}` ? Stem : Key
export type TextKey = Base<keyof typeof pl>

/** Gives a text of the catalogue; `count` chooses the plural by the language's own rule. */
export type Texts = (key: TextKey, values?: Record<string, string | number>) => string

/** Every text may name a limit of the contract: `{{messageAttachments}}`. */
const withLimits =
  (texts: Texts): Texts =>
  (key, values) =>
    texts(key, { ...limits, ...values })

const texts: Record<Locale, Texts> = {
  pl: withLimits(speak('pl', pl)),
  en: withLimits(speak('en', en)),
}

/** Polish unless the member has chosen another language we have. */
export function localeOf(wanted: string | undefined): Locale {
  return wanted?.startsWith('en') ? 'en' : 'pl'
}

/** The texts of a language, the same on the server and in the browser. Templates escape, so nothing is escaped here. */
export const textsIn = (locale: Locale): Texts => texts[locale]
