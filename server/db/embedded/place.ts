import { randomBytes } from 'node:crypto'
import {
  chmod,
  chown,
  lstat,
  mkdir,
  readFile,
  realpath,
  rm,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises'
import { join } from 'node:path'
import { canEnter, findOwner, giveAll, type Owner } from './owner.ts'
import { findPrograms, makeSystemFolder, type Programs, systemFolder } from './programs.ts'

/** The user and programs that run PostgreSQL, and the paths it uses. */
export interface Place extends Programs {
  owner: Owner | undefined
  cluster: string
  password: string
  log: string
  /** Hands a file that this process wrote to the user who runs PostgreSQL. */
  giveToOwner(path: string): Promise<void>
}

/**
 * Decides who runs PostgreSQL and where, and creates its data folder. As root that is the user who owns the
 * data already, else `postgres`, a system user made for it, or `nobody`; otherwise whoever runs this process.
 * @throws Error with one line to show
 */
export async function findPlace(dataDir: string): Promise<Place> {
  const home = await findHome(dataDir)
  return {
    ...(await findPrograms(home.owner)),
    owner: home.owner,
    cluster: join(home.path, 'cluster'),
    password: join(home.path, 'password'),
    log: join(dataDir, 'postgres.log'),
    giveToOwner: async (path) => {
      if (home.owner) await chown(path, home.owner.uid, home.owner.gid)
    },
  }
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
  giveAll(owner, path)
  await chmod(path, 0o700)
  return owner
}

async function makeHome(path: string, owner: Owner): Promise<string> {
  await mkdir(path, { mode: 0o700 })
  await chown(path, owner.uid, owner.gid)
  return path
}
