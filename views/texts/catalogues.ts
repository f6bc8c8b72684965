import en from './en.json' with { type: 'json' }
import pl from './pl.json' with { type: 'json' }

export type Catalogue = typeof pl

/** The texts of each language, by key. In the browser, `public/catalogues.ts` stands in for this. */
export const catalogues: Record<string, Record<string, string>> = { pl, en }
