import { limits } from '../../server/contract/limits.ts'
import en from './en.json' with { type: 'json' }
import pl from './pl.json' with { type: 'json' }
import { translator } from './translator.ts'

export type Locale = 'pl' | 'en'

type Plural = 'one' | 'few' | 'many' | 'other'
type Base<Key> = Key extends `${infer Stem}_${Plural}` ? Stem : Key
export type TextKey = Base<keyof typeof pl>

/** The text of a key; `count` selects the plural form. */
export type Texts = (key: TextKey, values?: Record<string, string | number>) => string

/** Texts may use the limits of the contract: `{{messageAttachments}}`. */
const withLimits =
  (texts: Texts): Texts =>
  (key, values) =>
    texts(key, { ...limits, ...values })

const texts: Record<Locale, Texts> = {
  pl: withLimits(translator('pl', pl)),
  en: withLimits(translator('en', en)),
}

/** Polish, unless another available language is wanted. */
export function localeOf(wanted: string | undefined): Locale {
  return wanted?.startsWith('en') ? 'en' : 'pl'
}

/** Not escaped: templates do that. */
export const textsIn = (locale: Locale): Texts => texts[locale]
