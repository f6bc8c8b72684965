import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { filesOnDisk, picture, said, upload } from '../testing/files.ts'
import { emptyFolder } from '../testing/folder.ts'
import { startService } from '../testing/service.ts'
import { mountSmallDisk } from '../testing/small-disk.ts'

const disk = emptyFolder()
const isMounted = mount()
const { anna } = await startService({ DATA_DIR: disk })

function mount(): boolean {
  const small = mountSmallDisk(disk, 2)
  if (small) afterAll(small.unmount)
  return small !== undefined
}

test.skipIf(!isMounted)(
  'on a full disk an upload is refused as such, and leaves nothing behind',
  async () => {
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
      expect(answer.body.detail).toMatch(/space/)
      expect(answer.headers.get('retry-after')).toBe('60')
      await expect.poll(() => filesOnDisk(disk)).toEqual([])
      rmSync(room)
    }
    expect((await upload(anna, 'mały', 'a.txt')).status).toBe(201)
  },
)
