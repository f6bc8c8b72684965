import { type ChildProcess, spawn } from 'node:child_process'
import { chmodSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { delimiter, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll } from 'vitest'
import { findOwner } from '../db/embedded/owner.ts'
import { freePort } from '../db/embedded/server.ts'
import { emptyFolder } from './folder.ts'
import { Guide } from './guide.ts'
import { hasVersion, unpackProgram } from './system-package.ts'

const guide = new Guide('redundancy.md')

const running = new Set<ChildProcess>()
afterAll(() => {
  for (const child of running) child.kill('SIGTERM')
})

/**
 * The path of a pgbouncer: from PATH, else unpacked from this system's packages.
 * @throws Error that says what to install
 */
function findPgbouncer(): string {
  // Where packages install it, which is not on everybody's PATH.
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/usr/local/sbin']
  const installed = folders.map((folder) => join(folder, 'pgbouncer')).find(hasVersion)
  if (installed) return installed
  try {
    const path = 'usr/sbin/pgbouncer'
    return unpackProgram({
      title: 'pgbouncer',
      name: 'pgbouncer',
      packages: ['pgbouncer'],
      path,
      runs: hasVersion,
    })
  } catch (error) {
    const why = (error as Error).message.split('\n')[0]
    throw new Error(`The tests need pgbouncer on the PATH: install pgbouncer (${why})`)
  }
}

/**
 * A pgbouncer in front of a database, set up as the guide has it but for addresses, until the test file ends.
 * @param change of its settings
 * @returns the database's address there
 */
export async function startPgbouncer(
  database: string,
  change = (settings: string) => settings,
): Promise<string> {
  const { username, password, hostname, port, pathname } = new URL(database)
  const folder = emptyFolder()
  const listens = await freePort()
  const users = join(folder, 'userlist.txt')
  writeFileSync(users, `"${username}" "${decodeURIComponent(password)}"\n`)
  const ini = join(folder, 'pgbouncer.ini')
  const settings = guide
    .file('/etc/pgbouncer/pgbouncer.ini')
    .replace(
      'host=10.0.0.21 port=5432 dbname=rozmowa',
      `host=${hostname} port=${port} dbname=${pathname.slice(1)}`,
    )
    .replace('10.0.0.31', '127.0.0.1')
    .replace('listen_port = 6432', `listen_port = ${listens}`)
    .replace('/etc/pgbouncer/userlist.txt', users)
  writeFileSync(ini, change(settings))
  for (const file of [users, ini]) chmodSync(file, 0o644)
  const owner = process.getuid?.() === 0 ? findOwner() : undefined
  const child = spawn(findPgbouncer(), [ini], { ...owner, stdio: ['ignore', 'ignore', 'pipe'] })
  running.add(child)
  let said = ''
  child.stderr!.on('data', (text) => (said += text))
  for (let tries = 0; !(await accepts(listens)); tries++) {
    if (child.exitCode !== null || tries > 100) throw new Error(`pgbouncer does not start: ${said}`)
    await sleep(100)
  }
  return `postgres://${username}:${password}@127.0.0.1:${listens}/rozmowa`
}

const accepts = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy()
      resolve(true)
    })
    socket.once('error', () => resolve(false))
  })
