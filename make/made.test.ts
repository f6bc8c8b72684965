import { globSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { icons } from './icons.ts'
import { made } from './made.ts'

test.each(made)('%s is what its packages make; npm run make writes it anew', async (file, make) => {
  const kept = await readFile(new URL(file, import.meta.url))
  const anew = await make()
  if (typeof anew === 'string') expect(kept.toString()).toBe(anew)
  else expect(kept.equals(anew)).toBe(true)
})

test('every icon that is made is drawn somewhere, and every icon that is drawn is made', async () => {
  const cwd = join(import.meta.dirname, '..')
  const sources = globSync('{views,public,server}/**/*.{eta,ts}', { cwd })
  const text = (await Promise.all(sources.map((file) => readFile(join(cwd, file), 'utf8')))).join('\n')
  expect(icons.filter((name) => !text.includes(`'${name}'`))).toEqual([])
  const drawn = [...text.matchAll(/\bicon\('([a-z\d-]+)'/g)].map(([, name]) => name!)
  expect(drawn.length).toBeGreaterThan(50)
  expect(drawn.filter((name) => !icons.includes(name))).toEqual([])
})
