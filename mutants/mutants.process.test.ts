import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { apply } from './apply.ts'
import type { Mutant } from './find.ts'
import { faultOf, outcomeOf } from './report.ts'
import { runMutants } from './run.ts'
import { sample } from './sample.ts'

const mutant = (folder: string, id: number) => ({ folder, id: `${id}` }) as Mutant
const many = ['live', 'web'].flatMap((folder) => Array.from({ length: 100 }, (_, id) => mutant(folder, id)))
const few = Array.from({ length: 3 }, (_, id) => mutant('typing', id))

test('a sample is the same for the same seed, and another one for another', () => {
  const drawn = sample([...many, ...few], { seed: 1, count: 50 })
  expect(sample([...many, ...few], { seed: 1, count: 50 })).toEqual(drawn)
  expect(sample([...many, ...few], { seed: 2, count: 50 })).not.toEqual(drawn)
})

test('a sample has as many of each folder, and all of one that has few', () => {
  const drawn = sample([...many, ...few], { seed: 1, count: 43 })
  const counts = Object.entries(Object.groupBy(drawn, ({ folder }) => folder)).map(([folder, own]) => [
    folder,
    own!.length,
  ])
  expect(Object.fromEntries(counts)).toEqual({ live: 20, web: 20, typing: 3 })
  expect(new Set(drawn).size).toBe(43)
})

test('a larger sample holds the smaller one', () => {
  const small = sample(many, { seed: 1, count: 20 })
  expect(sample(many, { seed: 1, count: 60 })).toEqual(expect.arrayContaining(small))
})

test('a fault after which a file is no program is invalid', () => {
  const fault = (replacement: string) => ({ start: 8, end: 13, replacement }) as Mutant
  expect(apply(fault('a < b'), 'let c = a > b')).toBe('let c = a < b')
  expect(apply(fault('a <'), 'let c = a > b')).toBeUndefined()
})

const cache = mkdtempSync(join(tmpdir(), 'rozmowa-mutants-cache-'))
afterAll(() => rmSync(cache, { recursive: true }))

test('what a test sees is killed, what nobody can see survives, and so does what no test comes by', async () => {
  const root = join(import.meta.dirname, 'fixture')
  const judge = (say: (text: string) => void = () => {}) =>
    runMutants({ root, cache, folders: ['live'], seed: 1, count: 100 }, say)
  const judged = await judge()
  const outcomes = Object.fromEntries(judged.map((each) => [faultOf(each.mutant), outcomeOf(each)]))
  expect(outcomes).toMatchObject({
    'value > 10 → value <= 10': 'killed',
    'value > 10 → value >= 10': 'survived',
    'value + 1 → value - 1': 'survived',
  })
  const said: string[] = []
  expect(await judge((text) => said.push(text))).toEqual(judged)
  expect(said).toEqual([`${judged.length} of ${judged.length} mutants, ${judged.length} known from before`])
})
