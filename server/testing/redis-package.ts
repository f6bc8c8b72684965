import { execFileSync } from 'node:child_process'
import {
  cpSync,
  existsSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { cacheFolder } from './cache.ts'

const packageOfServer = 'redis-tools'

/** Tells the loader where the libraries are, wherever the folder is moved to. */
const starter = (libraries: string[]) => `#!/bin/sh
here=$(dirname "$0")
LD_LIBRARY_PATH="${libraries.map((each) => `$here/${each}:`).join('')}$LD_LIBRARY_PATH" exec "$here/server/redis-server" "$@"
`

/**
 * A redis-server unpacked from this system's packages (Debian and its kin) into the cache folder, for any user
 * and without installing it; the path of the program.
 * @throws Error when the packages cannot be had
 */
export function unpackRedis(): string {
  const folder = join(cacheFolder(), `redis-${process.arch}`)
  const program = join(folder, 'redis-server')
  const wasThere = existsSync(folder)
  if (runs(program)) return program
  if (wasThere) rmSync(folder, { recursive: true, force: true })
  const made = mkdtempSync(`${folder}-`)
  try {
    unpack(made)
    // Another run may have been faster; its copy is as good.
    if (!renamed(made, folder) && !runs(program)) throw new Error(`${program} does not run`)
  } finally {
    rmSync(made, { recursive: true, force: true })
  }
  process.stdout.write(`Redis: unpacked this system's package ${packageOfServer} into ${folder}\n`)
  return program
}

export function runs(program: string): boolean {
  return (majorVersion(program) ?? 0) >= 7
}

function majorVersion(program: string): number | undefined {
  try {
    return Number(
      /v=(\d+)/.exec(execFileSync(program, ['--version'], { encoding: 'utf8', stdio: 'pipe' }))?.[1],
    )
  } catch {
    return undefined
  }
}

function renamed(from: string, to: string): boolean {
  try {
    renameSync(from, to)
    return true
  } catch {
    return false
  }
}

function unpack(folder: string): void {
  const server = join(folder, 'server', 'redis-server')
  const program = join(folder, 'redis-server')
  mkdirSync(join(folder, 'server'))
  // The server is packed under the name of a tool that is the same program; which one it is, its name decides.
  download([packageOfServer], folder)
  cpSync(join(folder, 'unpacked/usr/bin/redis-check-rdb'), server)
  for (let level = 0; level < 4 && !runs(program); level++) {
    if (missingLibraries(server)) download(neededPackages(folder), folder)
    writeFileSync(program, starter(libraryFolders(folder)), { mode: 0o755 })
  }
  for (const rest of ['packages', 'apt']) rmSync(join(folder, rest), { recursive: true, force: true })
  if (!runs(program)) throw new Error(`${packageOfServer} of this system is not a Redis 7 or later`)
}

function missingLibraries(server: string): boolean {
  return execFileSync('ldd', [server], { encoding: 'utf8' }).includes('not found')
}

function libraryFolders(folder: string): string[] {
  return [...new Set(globSync('unpacked/**/*.so*', { cwd: folder }).map((library) => dirname(library)))]
}

/** What the packages fetched so far depend on and the system does not have; of alternatives the first. */
function neededPackages(folder: string): string[] {
  const names = globSync(join(folder, 'packages/*.deb')).flatMap((file) =>
    execFileSync('dpkg-deb', ['--field', file, 'Depends'], { encoding: 'utf8' }).split(','),
  )
  const libraries = names
    .map((name) => name.trim().split(/[\s(|:]/)[0] ?? '')
    .filter((name) => /^(lib|lua)/.test(name))
  return [...new Set(libraries)].filter(
    (name) => !globSync(join(folder, `packages/${name}_*.deb`)).length && !isInstalled(name),
  )
}

function isInstalled(name: string): boolean {
  return globSync(`/var/lib/dpkg/info/${name}{,:*}.list`).length > 0
}

/** From the lists of packages the system has; where those are missing or old, from lists of our own. */
function download(names: string[], folder: string): void {
  const packages = join(folder, 'packages')
  mkdirSync(packages, { recursive: true })
  const asMe = ['-o', 'APT::Sandbox::User=root']
  const apt = (args: string[]) =>
    execFileSync('apt-get', [...asMe, ...args], { cwd: packages, stdio: 'pipe', timeout: 120_000 })
  const own = ownLists(folder)
  if (existsSync(join(folder, 'apt')) || !succeeds(() => apt(['download', ...names]))) {
    if (!existsSync(join(folder, 'apt'))) makeLists(folder, () => apt([...own, 'update']))
    apt([...own, 'download', ...names])
  }
  for (const file of globSync(join(packages, '*.deb')))
    execFileSync('dpkg-deb', ['--extract', file, join(folder, 'unpacked')])
}

function ownLists(folder: string): string[] {
  return ['-o', `Dir::State=${join(folder, 'apt/state')}`, '-o', `Dir::Cache=${join(folder, 'apt/cache')}`]
}

function makeLists(folder: string, update: () => unknown): void {
  for (const part of ['state/lists/partial', 'cache/archives/partial'])
    mkdirSync(join(folder, 'apt', part), { recursive: true })
  update()
}

function succeeds(attempt: () => unknown): boolean {
  try {
    attempt()
    return true
  } catch {
    return false
  }
}
