import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { picture } from '../testing/files.ts'
import { emptyFolder } from '../testing/folder.ts'
import { inDecoder } from './decoders.ts'

const folder = emptyFolder()
let count = 0

/** Has a decoder shrink an image. */
function shrink(image: Buffer, limits = {}) {
  const from = join(folder, `${count++}`)
  writeFileSync(from, image)
  return inDecoder({ kind: 'shrink', from, to: `${from}-small` }, limits)
}

const children = () =>
  readFileSync(`/proc/self/task/${process.pid}/children`, 'latin1').split(' ').filter(Boolean)
const isThere = (pid: string) => existsSync(`/proc/${pid}`)

const small = await picture(20, 10).png().toBuffer()
const large = await picture(6000, 4000).png().toBuffer()
const done = { image: expect.objectContaining({ width: 20, height: 10 }) }

describe.skipIf(process.platform !== 'linux')('a decoder', () => {
  test.each([
    ['a core’s time', { maxCpuMs: 100 }],
    ['time', { maxMs: 50 }],
    ['memory', { maxBytes: 20 * 1024 * 1024 }],
  ])('that uses too much %s is killed, and only its own image fails', async (_, limits) => {
    const other = shrink(small)
    await expect(shrink(large, limits)).rejects.toMatchObject({ tookTooMuch: true })
    expect(await other).toEqual(done)
    expect(await shrink(small)).toEqual(done)
  })

  test('that crashes affects nothing else', async () => {
    await shrink(small)
    const before = children()
    const asked = shrink(large)
    for (const pid of before) execFileSync('kill', ['-SEGV', pid])
    await expect(asked).rejects.toMatchObject({ tookTooMuch: false })
    expect(await shrink(small)).toEqual(done)
  })

  test('is reused, and ends when idle', async () => {
    for (let i = 0; i < 3; i++) expect(await shrink(small, { maxIdleMs: 60_000 })).toEqual(done)
    const [pid, ...others] = children()
    expect(others).toEqual([])
    expect(await shrink(small, { maxIdleMs: 50 })).toEqual(done)
    expect(children()).toEqual([pid])
    await expect.poll(() => isThere(pid!)).toBe(false)
    expect(await shrink(small)).toEqual(done)
  })

  test('does not stay idle with much memory', async () => {
    await shrink(small)
    const before = children()
    expect(await shrink(small, { maxIdleBytes: 1024 })).toEqual(done)
    await expect.poll(() => before.filter(isThere)).toEqual([])
  })

  test('has no secrets in its environment, and a low priority', async () => {
    await shrink(small)
    const [pid] = children()
    const environment = readFileSync(`/proc/${pid}/environ`, 'latin1').split('\0').filter(Boolean)
    expect(environment.filter((each) => !/^(MALLOC_|NODE_CHANNEL_)/.test(each))).toEqual([])
    expect(Number(readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ')[1]!.split(' ')[16])).toBe(5)
  })
})

test('a file that is not an image, and a full disk, are reported as such', async () => {
  expect(await shrink(Buffer.from('GIF89a<script>'))).toEqual({ failure: 'broken' })
  const from = join(folder, 'there')
  writeFileSync(from, small)
  expect(await inDecoder({ kind: 'shrink', from, to: '/dev/full' })).toEqual({ failure: 'no_room' })
})
