import { expect, test } from 'vitest'
import { formsOf } from './lemmas.ts'

test.each([
  ['kot', ['kota', 'kotem', 'kocie', 'kotami']],
  ['kotem', ['kot', 'kocie']],
  ['spotkaniach', ['spotkanie', 'spotkaniu', 'spotkan']],
  ['zebrań', ['zebranie', 'zebraniami']],
  ['zebran', ['zebranie']],
  ['fakturami', ['faktura', 'faktur', 'fakturze']],
  ['żółwie', ['zolw', 'zolwi', 'zolwiami']],
  ['zolwie', ['zolw', 'zolwiami']],
  ['kowalskiego', ['kowalski', 'kowalskim', 'kowalskiemu']],
  ['czytałam', ['czytac', 'czyta', 'czytali']],
  ['największy', ['najwiekszego', 'najwieksza']],
  ['warszawie', ['warszawa', 'warszawy']],
])('the forms of %s', async (typed, forms) => {
  expect(await formsOf(typed)).toEqual(expect.arrayContaining(forms))
})

test.each(['qwrtz', 'ab', '', '2026', '👍', 'мама', "a'b", 'x'.repeat(60)])(
  '“%s” has none',
  async (typed) => {
    expect(await formsOf(typed)).toEqual([])
  },
)

test('diacritics that were typed tell words apart', async () => {
  expect(await formsOf('kąt')).not.toContain('kota')
  expect(await formsOf('kat')).toEqual(expect.arrayContaining(['kata', 'kacie', 'kaci']))
  expect(await formsOf('kąt')).not.toContain('kaci')
})

test('a noun made of a verb is found without the verb, the verb with the noun', async () => {
  expect(await formsOf('spotkaniach')).not.toContain('spotkalem')
  expect(await formsOf('czytać')).toContain('czytanie')
  expect(await formsOf('czytaniu')).toEqual(expect.arrayContaining(['czytanie', 'czytaniem']))
})

test('there are never too many', async () => {
  for (const typed of ['czytać', 'być', 'mieć', 'biały', 'zrobiony'])
    expect((await formsOf(typed)).length).toBeLessThanOrEqual(120)
})
