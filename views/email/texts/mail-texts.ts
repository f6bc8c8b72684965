import { createInstance } from 'i18next'
import type { Locale } from '../../texts/texts.ts'
import en from './en.json' with { type: 'json' }
import pl from './pl.json' with { type: 'json' }

/** Texts of mails, and of the pages behind their links: apart from those of the page, which travel to every browser. */
export type Say = (key: string, values?: Record<string, string | number>) => string

const i18n = createInstance({
  lng: 'pl',
  resources: { pl: { translation: pl }, en: { translation: en } },
  keySeparator: false,
  nsSeparator: false,
  initAsync: false,
  interpolation: { escapeValue: false },
})
i18n.init()

export const sayIn = (locale: Locale): Say => {
  const say = i18n.getFixedT(locale)
  return (key, values) => say(key, values ?? {})
}
