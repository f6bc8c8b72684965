import { execFileSync } from 'node:child_process'
import { globSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { canEnter, findOwner, type Owner } from '../db/embedded/owner.ts'
import { libraryFolders, unpackProgram } from './system-package.ts'

/** PostgreSQL as a system packages it, version 15 or later: with the programs that an administrator uses. */
export interface PostgresPrograms {
  /** The folder of initdb, postgres and pg_ctl. */
  server: string
  /** The folder of pg_basebackup. */
  client: string
  owner: Owner | undefined
  env: Record<string, string>
}

const majors = [18, 17, 16, 15]
const folderOf = (major: number) => `usr/lib/postgresql/${major}/bin`

/** @throws Error that says what to install */
export function findPostgresPrograms(): PostgresPrograms {
  const owner = process.getuid?.() === 0 ? findOwner() : undefined
  const env = { PATH: '/usr/bin:/bin', LC_ALL: 'C' }
  const installed = majors.map((major) => `/${folderOf(major)}`).find(hasAll)
  if (installed) return { server: installed, client: installed, owner, env }
  const found = majors.map(unpack).find((each) => each !== undefined)
  if (!found || (owner && !canEnter(owner, found.server)))
    throw new Error('The tests need the programs of PostgreSQL 15 or later: install postgresql')
  return { ...found, owner, env: { ...env, LD_LIBRARY_PATH: found.libraries } }
}

const hasAll = (folder: string) => globSync(`${folder}/{initdb,pg_basebackup,postgres}`).length === 3

function unpack(major: number): { server: string; client: string; libraries: string } | undefined {
  try {
    const [server, client] = [
      ['postgres', `postgresql-${major}`],
      ['pg_basebackup', `postgresql-client-${major}`],
    ].map(([program, from]) => {
      const path = join(folderOf(major), program!)
      const packed = { title: from!, name: from!, packages: [from!], path, inPlace: path, runs }
      return dirname(unpackProgram(packed))
    }) as [string, string]
    const libraries = [server, client].flatMap((folder) =>
      libraryFolders(folder).map((each) => join(folder, each)),
    )
    const programs = (folder: string) => join(folder, 'unpacked', folderOf(major))
    return { server: programs(server), client: programs(client), libraries: libraries.join(':') }
  } catch {
    return undefined
  }
}

function runs(program: string): boolean {
  try {
    execFileSync(program, ['--version'], { stdio: 'pipe' })
    return true
  } catch {
    return false
  }
}
