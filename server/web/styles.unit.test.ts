import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

const folder = new URL('../../public/styles/', import.meta.url)
const sheets = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
  name.endsWith('.css'),
)
const read = (name: string) => readFileSync(new URL(name, folder), 'utf8')
/** Shadows grow with nothing, and nothing may be smaller than 12 px, or 16 where a phone would zoom in. */
const fixed = /shadow|@import|max\(1[26]px/

test('main.css brings every other sheet, once', () => {
  const brought = [...read('main.css').matchAll(/@import "(.+)";/g)].map(([, name]) => name)
  expect(brought.sort()).toEqual(sheets.filter((name) => name !== 'main.css').sort())
})

test.each(sheets)('all sizes in %s grow with the text: from 4 px on they are in rem or em', (name) => {
  const found = read(name)
    .split('\n')
    .filter((line) => !fixed.test(line) && /(?<![\d.])(?:[4-9]|\d{2,})(?:\.\d+)?px/.test(line))
  expect(found).toEqual([])
})
