import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

const templates = readdirSync(import.meta.dirname, { recursive: true, encoding: 'utf8' }).filter((name) =>
  name.endsWith('.eta'),
)

test.each(templates)('no line of %s is longer than 140 characters', (name) => {
  const lines = readFileSync(`${import.meta.dirname}/${name}`, 'utf8').split('\n')
  expect(lines.filter((line) => line.length > 140)).toEqual([])
})
