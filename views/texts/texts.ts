import { limits } from '../../server/contract/limits.ts'
import { type Catalogue, catalogues } from './catalogues.ts'
import { translator } from './translator.ts'

export type Locale = 'pl' | 'en'

type Plural = 'one' | 'few' | 'many' | 'other'
type Base<Key> = Key extends `${infer Stem}_${Plural}` ? Stem : Key
export type TextKey = Base<keyof Catalogue>

/** The text of a key; `count` selects the plural form. */
export type Texts = (key: TextKey, values?: Record<string, string | number>) => string

/** Texts may use the limits of the contract: `{{messageAttachments}}`. */
const withLimits =
  (texts: Texts): Texts =>
  (key, values) =>
    texts(key, { ...limits, ...values })

const texts = new Map(
  Object.entries(catalogues).map(([locale, catalogue]) => [
    locale,
    withLimits(translator(locale, catalogue)),
  ]),
)

/** Polish, unless another available language is wanted. */
export function localeOf(wanted: string | undefined): Locale {
  return wanted?.startsWith('en') ? 'en' : 'pl'
}

/** Not escaped: templates do that. In the browser there are those of the page's language alone. */
export const textsIn = (locale: Locale): Texts => texts.get(locale)!
