import fc from 'fast-check'
import { expect, test } from 'vitest'
import { startService } from '../testing/service.ts'
import { wordsIn } from './words.ts'

await startService()
const { sql } = await import('../db/client.ts')

/** The words of each text, sorted: as the database finds them, in both ways, and as we mark them. */
async function wordsOf(texts: string[]) {
  const rows = await sql<{ folded: string; text: string }[]>`
    select to_json(tsvector_to_array(folded_words(given)))::text as folded,
      to_json(tsvector_to_array(text_words(given)))::text as text
    from unnest(${texts}::text[]) with ordinality n (given, i) order by i`
  const read = (words: string): string[] => JSON.parse(words).toSorted()
  return rows.map(({ folded, text }, i) => ({
    given: texts[i],
    folded: read(folded),
    text: read(text),
    marked: [...new Set(wordsIn(texts[i]!).map((word) => word.folded))].toSorted(),
  }))
}

/** What is marked is folded sign by sign, so marks of rare scripts keep an order that the database changes. */
const inOrder = (text: string) => text.normalize('NFC')
const signsOf = (word: string) => [...word].toSorted().join('')

const everyday = [...'aąbćeE12 \n.,-/:@_#&<>=+?!%$~^|(){}[]"\'`;*\\xŻ']
const units = {
  'what people write': fc.constantFrom(...everyday),
  'signs of any script': fc.integer({ min: 1, max: 0x4fff }).map((code) => String.fromCodePoint(code)),
  emoji: fc.constantFrom('👍', '🏽', '\u200d', '❤', '\ufe0f', 'a', ' ', '🇵', '½', '´'),
}

test.each(Object.entries(units))('words are the same wherever they are looked for: %s', async (_, unit) => {
  const texts = fc.array(fc.string({ unit, maxLength: 50 }).map(inOrder), { minLength: 200, maxLength: 200 })
  await fc.assert(
    fc.asyncProperty(texts, async (given) => {
      for (const { folded, text, marked, ...rest } of await wordsOf(given)) {
        expect({ ...rest, words: text }).toEqual({ ...rest, words: folded })
        expect({ ...rest, words: marked.map(signsOf).toSorted() }).toEqual({
          ...rest,
          words: folded.map(signsOf).toSorted(),
        })
      }
    }),
    { numRuns: 20 },
  )
})
