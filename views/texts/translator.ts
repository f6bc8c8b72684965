/** The text of a key; `count` selects the plural form. */
export type Translate = (key: string, values?: Record<string, string | number>) => string

/**
 * Fills in the `{{values}}` of a catalogue's texts; a missing text becomes its key. Nothing is escaped, and values are not
 * interpolated again.
 */
export function translator(locale: string, catalogue: Record<string, string>): Translate {
  const rules = new Intl.PluralRules(locale)
  return (key, values = {}) => {
    const form = values.count === undefined ? key : `${key}_${rules.select(Number(values.count))}`
    const text = catalogue[form] ?? catalogue[key] ?? key
    return text.replace(/\{\{(\w+)\}\}/g, (_, name) => String(values[name] ?? ''))
  }
}
