import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { made } from './made.ts'

test.each(made)('%s is what its packages make; npm run make writes it anew', async (file, make) => {
  expect(await readFile(new URL(file, import.meta.url), 'utf8')).toBe(await make())
})
