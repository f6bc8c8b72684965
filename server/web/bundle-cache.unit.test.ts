import { utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, expect, test, vi } from 'vitest'
import { emptyFolder } from '../testing/folder.ts'
import { bundled } from './bundle-cache.ts'

const folder = emptyFolder()
const source = join(folder, 'source.ts')
let path: string
let runs = 0

const make = vi.fn(async () => ({
  bundle: { files: { made: `${make.mock.calls.length}` }, names: {}, parts: {} },
  inputs: [source],
}))
const made = async () => (await bundled(path, make)).files.made

function save(content: string, date = new Date('2026-01-01')) {
  writeFileSync(source, content)
  utimesSync(source, date, date)
}

beforeEach(() => {
  path = join(folder, `cache/${runs++}.json`)
  make.mockClear()
  save('one')
})

test('what an earlier start made is taken while its sources are the same', async () => {
  expect([await made(), await made()]).toEqual(['1', '1'])
})

test('a changed source has it made anew', async () => {
  await made()
  save('two')
  expect([await made(), await made()]).toEqual(['2', '2'])
})

test('one with a source that was saved while it was made is not kept', async () => {
  save('one', new Date('2100-01-01'))
  expect([await made(), await made()]).toEqual(['1', '2'])
})

test('what is no bundle any more, and a folder that cannot be written to, do no harm', async () => {
  await made()
  writeFileSync(path, '{"inputs":')
  expect(await made()).toBe('2')
  path = '/dev/null/bundle.json'
  expect(await made()).toBe('3')
})
