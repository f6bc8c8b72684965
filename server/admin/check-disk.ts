import { mkdir, rm, statfs, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { config } from '../config.ts'
import { attempt, type Finding, fail, ok, warn } from './finding.ts'

const mebibyte = 1024 * 1024

export const checkDisk = (): Promise<Finding[]> =>
  attempt('disk', 'let the service’s user write to DATA_DIR, or set another', async () => {
    await mkdir(config.dataDir, { recursive: true })
    const probe = join(config.dataDir, `.doctor-${process.pid}`)
    await writeFile(probe, Buffer.alloc(mebibyte), { flush: true }).finally(() => rm(probe, { force: true }))
    const { bavail, bsize } = await statfs(config.dataDir)
    const free = Math.floor((bavail * bsize) / mebibyte)
    const says = `${config.dataDir} is writable, ${free.toLocaleString('en')} MiB free`
    const advice = 'free some space, or move DATA_DIR'
    return [
      free < 200 ? fail('disk', says, advice) : free < 2048 ? warn('disk', says, advice) : ok('disk', says),
    ]
  })
