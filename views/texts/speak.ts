/** Gives a text of a catalogue; `count` chooses the plural by the language's own rule. */
export type Speak = (key: string, values?: Record<string, string | number>) => string

/**
 * The texts of a catalogue with their `{{values}}` filled in; one that is missing is its key. Nothing is escaped, and
 * values are never read as texts.
 */
export function speak(locale: string, catalogue: Record<string, string>): Speak {
  const rules = new Intl.PluralRules(locale)
  return (key, values = {}) => {
    const form = values.count === undefined ? key : `${key}_${rules.select(Number(values.count))}`
    const text = catalogue[form] ?? catalogue[key] ?? key
    return text.replace(/\{\{(\w+)\}\}/g, (_, name) => String(values[name] ?? ''))
  }
}
