import { randomUUID } from 'node:crypto'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { keptFiles, uploadsFolder } from '../attachments/storage.ts'
import { config } from '../config.ts'
import { attempt, type Finding, fail, ok } from './finding.ts'

/** Whether the bucket takes a file, gives it back, and lets go of it. */
export async function checkStorage(): Promise<Finding[]> {
  if (!config.filesUrl) return []
  const { bucket, prefix } = config.filesUrl
  return attempt(
    'bucket',
    'correct FILES_URL, or the rights of its key: read, write, delete, list',
    async () => {
      const { trash } = keptFiles
      const name = `doctor-${randomUUID()}`
      const probe = join(uploadsFolder, name)
      await mkdir(uploadsFolder, { recursive: true, mode: 0o700 })
      await writeFile(probe, name)
      await trash.put(probe, name)
      const isSame = (await text(trash.read(name))) === name
      const isListed = (await Array.fromAsync(trash.olderThan(Number.POSITIVE_INFINITY))).includes(name)
      await trash.remove(name)
      const says = `s3://${bucket}/${prefix} takes files and gives them back`
      return [
        isSame && isListed
          ? ok('bucket', says)
          : fail('bucket', 'gives back another file than it took', 'use another one'),
      ]
    },
  )
}
