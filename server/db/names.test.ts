import fc from 'fast-check'
import postgres from 'postgres'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { fold } from '../../views/people/names.ts'
import { freshDatabase } from '../testing/postgres.ts'

let sql: postgres.Sql
beforeAll(async () => {
  sql = postgres(await freshDatabase(), { onnotice: () => {} })
}, 30_000)
afterAll(() => sql.end())

const folded = async (names: string[]) =>
  (
    await sql<{ name: string }[]>`
    select fold_text(given) as name from unnest(${names}::text[]) with ordinality n (given, i) order by i`
  ).map(({ name }) => name)

const names = [
  ['Bartek\u00a0Zieliński', 'bartek zielinski'],
  ['  ŁÓDŹ \t łódź ', 'lodz lodz'],
  ['Jan\u00ad\u200b Nowak', 'jan nowak'],
  ['Jan\u3164Nowak\u2800Kos', 'jan nowak kos'],
  ['İstanbul, ISPARTA, ılık', 'istanbul, isparta, ilik'],
  ['ΣΊΣΥΦΟΣ', 'σισυφοσ'],
  ['Сергей Ёлкин', 'сергеи елкин'],
  ['Straße, STRAẞE', 'strasse, strasse'],
  ['Ærø, Þór, Œuvre', 'aero, thor, oeuvre'],
  ['O’Neil–Kos\u2011Nowak', "o'neil-kos-nowak"],
  ['Ａnna ﬁ ²', 'anna fi 2'],
  ['❤\ufe0f\u200d🔥', '❤🔥'],
  ['ประชุม', 'ประชุม'],
  ['\u202eabc\u{e0061}\u061c', 'abc'],
  ['\u0301\u200b', ''],
] as const

test('the database folds names as the browser does', async () => {
  expect(names.map(([name]) => fold(name))).toEqual(names.map(([, read]) => read))
  expect(await folded(names.map(([name]) => name))).toEqual(names.map(([, read]) => read))
})

/** The browser may know newer marks than the database, and then sorts those around them. */
const sorted = (names: string[]) =>
  names.map((name) => name.replace(/\p{M}+/gu, (marks) => [...marks].toSorted().join('')))

test('also names of signs nobody thought of', async () => {
  const sign = fc.integer({ min: 1, max: 0x24ff }).map((code) => String.fromCodePoint(code))
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.string({ unit: sign }), { minLength: 200, maxLength: 200 }),
      async (given) => {
        expect(sorted(await folded(given))).toEqual(sorted(given.map(fold)))
      },
    ),
    { numRuns: 20, examples: [[['\u0591\u1acf\u09bc']]] },
  )
})
