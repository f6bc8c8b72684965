import { randomBytes } from 'node:crypto'
import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { buffer, text } from 'node:stream/consumers'
import pLimit from 'p-limit'
import { describe, expect, test } from 'vitest'
import { filesUrl } from '../settings/files-url.ts'
import { emptyFolder } from '../testing/folder.ts'
import { startS3 } from '../testing/s3.ts'
import { folderStorage } from './folder.ts'
import { S3Storage } from './s3.ts'
import type { Storage } from './stored.ts'

const bucket = await startS3()
const folder = emptyFolder()

const kinds: [string, (path: string) => Storage][] = [
  ['a folder', (path) => folderStorage(join(folder, path))],
  ['a bucket', (path) => new S3Storage(filesUrl(bucket.url), path)],
]

function received(content: string | Buffer): string {
  const path = join(emptyFolder(), 'received')
  writeFileSync(path, content)
  return path
}

async function namesIn(storage: Storage, moment = Number.POSITIVE_INFINITY): Promise<string[]> {
  return (await Array.fromAsync(storage.olderThan(moment))).sort()
}

describe.each(kinds)('%s', (_, open) => {
  test('takes a file in, and gives it back, whole or in part', async () => {
    const storage = open('given')
    const path = received('zażółć gęślą jaźń')
    await storage.put(path, 'imię-1_2.x')
    expect(existsSync(path)).toBe(false)
    expect(await storage.size('imię-1_2.x')).toBe(26)
    expect(await text(storage.read('imię-1_2.x'))).toBe('zażółć gęślą jaźń')
    expect(await text(storage.read('imię-1_2.x', { start: 0, end: 1 }))).toBe('za')
    expect(await text(storage.read('imię-1_2.x', { start: 25, end: 25 }))).toHaveLength(1)
  })

  test('takes a file of many parts', async () => {
    const storage = open('large')
    const content = Buffer.alloc(20 * 1024 * 1024, randomBytes(999_983))
    await storage.put(received(content), 'large')
    expect(await storage.size('large')).toBe(content.length)
    expect((await buffer(storage.read('large'))).equals(content)).toBe(true)
    const range = { start: 17 * 1024 * 1024, end: 17 * 1024 * 1024 + 9 }
    expect(await buffer(storage.read('large', range))).toEqual(content.subarray(range.start, range.end + 1))
  })

  test('knows nothing of what is not there', async () => {
    const storage = open('missing')
    expect(await storage.size('none')).toBe(undefined)
    await expect(text(storage.read('none'))).rejects.toThrow()
    await storage.remove('none')
    await storage.moveTo(open('missing-trash'), 'none')
    expect(await namesIn(storage)).toEqual([])
    expect(await namesIn(open('missing-trash'))).toEqual([])
  })

  test('moves and removes', async () => {
    const [storage, trash] = [open('moved'), open('trash/moved')]
    for (const name of ['a', 'a-thumbnail', 'b']) await storage.put(received(name), name)
    await storage.moveTo(trash, 'a')
    await storage.remove('b')
    expect(await namesIn(storage)).toEqual(['a-thumbnail'])
    expect(await namesIn(trash)).toEqual(['a'])
    expect(await text(trash.read('a'))).toBe('a')
  })

  test('lists what is older than a moment, however many there are', async () => {
    const storage = open('listed')
    const names = Array.from({ length: 1001 }, (_, i) => `${i}`)
    const inTurn = pLimit(20)
    await Promise.all(names.map((name) => inTurn(() => storage.put(received('x'), name))))
    expect(await namesIn(storage)).toEqual(names.sort())
    expect(await namesIn(storage, Date.now() - 60_000)).toEqual([])
  })
})

test.each([
  ['another secret', bucket.urlWith('S3RVER:inny')],
  ['an unknown key', bucket.urlWith('INNY:S3RVER')],
  ['another bucket', bucket.url.replace('rozmowa', 'inne')],
  ['no server', bucket.url.replace(/127\.0\.0\.1%3A\d+/, '127.0.0.1%3A1')],
])('with %s a file is neither put nor taken for missing', async (_, url) => {
  const storage = new S3Storage(filesUrl(url), 'refused')
  const away = { code: 'ENOTCONN', message: expect.stringMatching(/^FILES_URL: /) }
  await expect(storage.put(received('x'), 'x')).rejects.toMatchObject(away)
  await expect(namesIn(storage)).rejects.toMatchObject(away)
  await expect(text(storage.read('x'))).rejects.toMatchObject(away)
})
