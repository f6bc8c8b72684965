import { type SpawnSyncReturns, spawnSync } from 'node:child_process'

/** Set only when we are root: PostgreSQL refuses to run as root. */
export interface Owner {
  uid: number
  gid: number
}

export function canEnter(owner: Owner, folder: string): boolean {
  return tryAsOwner(owner, '/bin/sh', ['-c', 'cd "$1"', 'sh', folder]).status === 0
}

/** The environment of the programs: none of PGDATA, PGPORT and the like, and no locale the machine may lack. */
export const cleanEnvironment = { PATH: '/usr/bin:/bin', LC_ALL: 'C' }

/**
 * Runs a program to its end as the owner.
 * @returns what it wrote
 * @throws Error with the last line of what it said
 */
export function asOwner(place: { owner: Owner | undefined }, program: string, args: string[]): string {
  const result = tryAsOwner(place.owner, program, args)
  if (result.status === 0) return result.stdout
  const said = `${result.stdout ?? ''}\n${result.stderr ?? ''}`.trim().split('\n')
  const line = said.findLast((each) => /error|fatal/i.test(each)) ?? said.at(-1)
  const why = line?.replace(/^.*?\[\d+\] /, '') || result.error?.message || `ended by ${result.signal}`
  throw new Error(`Embedded PostgreSQL: ${why} (DATABASE_URL names another PostgreSQL to use)`)
}

/** From `/`, because the owner may not be let into the folder we stand in. */
function tryAsOwner(owner: Owner | undefined, program: string, args: string[]): SpawnSyncReturns<string> {
  return spawnSync(program, args, { ...owner, cwd: '/', env: cleanEnvironment, encoding: 'utf8' })
}

/** @throws Error when there is no user but root */
export function findOwner(): Owner {
  const known = findUser('postgres') ?? findUser('rozmowa')
  if (known) return known
  const account = ['--system', '--user-group', '--no-create-home', '--shell', '/usr/sbin/nologin']
  spawnSync('useradd', [...account, 'rozmowa'])
  const made = findUser('rozmowa') ?? findUser('nobody')
  if (made) return made
  throw new Error(
    'PostgreSQL refuses to run as root and no other user could be made: start as one, or set DATABASE_URL',
  )
}

/** Hands everything in a folder to the owner, when there is one. */
export function giveAll(owner: Owner | undefined, folder: string): void {
  if (owner) spawnSync('chown', ['-R', '-h', `${owner.uid}:${owner.gid}`, folder])
}

function findUser(name: string): Owner | undefined {
  const ask = (what: string) =>
    Number.parseInt(spawnSync('id', [what, name], { encoding: 'utf8' }).stdout, 10)
  const [uid, gid] = [ask('-u'), ask('-g')]
  return uid > 0 && gid >= 0 ? { uid, gid } : undefined
}
