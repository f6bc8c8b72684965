import { execFileSync } from 'node:child_process'
import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { filesOnDisk, picture, said, upload } from '../testing/files.ts'
import { emptyFolder } from '../testing/folder.ts'
import { startService } from '../testing/service.ts'

/** A disk of 2 MB, which only root can make. */
const disk = emptyFolder()
const isMounted = mount()
const { anna } = await startService({ DATA_DIR: disk })

function mount(): boolean {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=2m', 'tmpfs', disk], { stdio: 'pipe' })
    afterAll(() => execFileSync('umount', ['--lazy', disk]))
    return true
  } catch {
    return false
  }
}

test.skipIf(!isMounted)('on a full disk an upload is told so, and leaves nothing', async () => {
  const noisy = await picture(2000, 2000).png({ compressionLevel: 0 }).toBuffer()
  const room = join(disk, 'room')
  for (const [content, name, taken] of [
    ['a'.repeat(3_000_000), 'za duży.txt', 0],
    [(await picture(700, 700).png({ compressionLevel: 0 }).toBuffer()).subarray(0), 'obraz.png', 600_000],
    [noisy, 'obraz.png', 0],
  ] as const) {
    writeFileSync(room, Buffer.alloc(taken))
    const answer = await upload(anna, content, name)
    expect(said(answer), name).toEqual([503, 'unavailable'])
    expect(answer.body.detail).toMatch(/room/)
    expect(answer.headers.get('retry-after')).toBe('60')
    await expect.poll(() => filesOnDisk(disk)).toEqual([])
    rmSync(room)
  }
  expect((await upload(anna, 'mały', 'a.txt')).status).toBe(201)
})
