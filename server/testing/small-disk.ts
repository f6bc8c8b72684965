import { execFileSync } from 'node:child_process'
import { open, rm } from 'node:fs/promises'
import { join } from 'node:path'

export interface SmallDisk {
  /** Takes what is left of it, and what comes free, until it is called off. */
  fill(): Promise<() => Promise<void>>
  unmount(): void
}

/** Makes a folder a disk of its own, in memory. @returns undefined where that is not allowed: only root may */
export function mountSmallDisk(folder: string, megabytes: number): SmallDisk | undefined {
  try {
    const options = `size=${megabytes}m,mode=755`
    execFileSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', folder], { stdio: 'pipe' })
  } catch {
    return undefined
  }
  return {
    fill: () => fill(join(folder, 'ballast')),
    unmount: () => void execFileSync('umount', ['--lazy', folder]),
  }
}

async function fill(path: string): Promise<() => Promise<void>> {
  let filling = pour(path)
  await filling
  const timer = setInterval(() => {
    filling = filling.then(() => pour(path))
  }, 100)
  return async () => {
    clearInterval(timer)
    await filling
    await rm(path)
  }
}

/** In ever smaller pieces, to the last page. */
async function pour(path: string): Promise<void> {
  const file = await open(path, 'a')
  for (const bytes of [1024 * 1024, 4096])
    for (let isRoom = true; isRoom; )
      isRoom = await file.write(Buffer.alloc(bytes)).then(
        ({ bytesWritten }) => bytesWritten === bytes,
        () => false,
      )
  await file.close()
}
