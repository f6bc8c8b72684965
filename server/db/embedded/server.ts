import { type ChildProcess, spawn } from 'node:child_process'
import { open, readFile, stat, truncate } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { endProcess } from './lock.ts'
import { cleanEnvironment } from './owner.ts'
import type { Place } from './place.ts'

export interface Server {
  port: number
  child: ChildProcess
  isWanted: boolean
  /** Resolves when a crashed server is back, or the service is stopping. */
  revival: Promise<void> | undefined
}

/** For one service on a machine it shares with others; locale and durability are the cluster's. */
const modest = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: '100',
  shared_buffers: '64MB',
  max_wal_size: '256MB',
  timezone: 'UTC',
  log_timezone: 'UTC',
  log_checkpoints: 'off',
  jit: 'off',
  // What is planned while a table is empty is planned anew once it is analyzed.
  autovacuum_naptime: '10s',
}

const logLimit = 5 * 1024 * 1024
const startSeconds = 120
const tries = 20

/**
 * Starts the server, waits until it takes connections (recovery after a crash included) and keeps it running.
 * @throws Error with the end of the server's log in one line
 */
export async function startServer(place: Place, settings: Record<string, string>): Promise<Server> {
  const size = await stat(place.log).then(
    (log) => log.size,
    () => 0,
  )
  if (size > logLimit) await truncate(place.log)
  for (let attempt = 1; ; attempt++) {
    const port = await freePort()
    const start = () => spawnServer(place, { ...modest, ...settings, port: String(port) })
    const server: Server = { port, child: await start(), isWanted: true, revival: undefined }
    if (await isReady(server.child, place)) return revive(server, place, start)
    const said = await logTail(place)
    // Another program took the port, or processes of a crashed server are still going away.
    const passing = /Address already in use|still in use|already exists/.test(said)
    if (!passing || attempt === tries)
      throw new Error(`Embedded PostgreSQL did not start: ${said} (${place.log})`)
    await sleep(200)
  }
}

/** Restarts a crashed server, killed for its memory for example, at the port its clients know. */
function revive(server: Server, place: Place, start: () => Promise<ChildProcess>): Server {
  const restart = async () => {
    while (server.isWanted) {
      await sleep(200)
      server.child = await start().catch(() => server.child)
      if (await isReady(server.child, place)) return void revive(server, place, start)
    }
  }
  server.child.once('exit', () => {
    server.revival = restart()
  })
  return server
}

/** Waits until the server is gone. */
export async function stopServer(server: Server): Promise<void> {
  server.isWanted = false
  await server.revival
  if (hasEnded(server.child)) return
  const ended = new Promise((resolve) => server.child.once('exit', resolve))
  await Promise.all([endProcess(server.child.pid as number), ended])
}

/** In a process group of its own: Ctrl+C in a terminal reaches the service, which ends the server last. */
async function spawnServer(place: Place, settings: Record<string, string>): Promise<ChildProcess> {
  const args = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  const log = await open(place.log, 'a', 0o600)
  const child = spawn(place.postgres, ['-D', place.cluster, ...args], {
    ...place.owner,
    cwd: '/',
    env: cleanEnvironment,
    detached: true,
    stdio: ['ignore', log.fd, log.fd],
  })
  await new Promise((resolve, reject) => child.once('spawn', resolve).once('error', reject))
  await log.close()
  return child
}

/** The last line of its lock file is where PostgreSQL says it is ready. */
async function isReady(child: ChildProcess, place: Place): Promise<boolean> {
  for (const end = Date.now() + startSeconds * 1000; !hasEnded(child); await sleep(20)) {
    const lines = (await readFile(join(place.cluster, 'postmaster.pid'), 'utf8').catch(() => '')).split('\n')
    if (Number(lines[0]) === child.pid && lines[7]?.trim() === 'ready') return true
    if (Date.now() > end) await endProcess(child.pid as number)
  }
  return false
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null
}

async function logTail(place: Place): Promise<string> {
  const lines = (await readFile(place.log, 'utf8')).trim().split('\n').slice(-5)
  const relevant = lines.filter((line) => /FATAL|PANIC|could not|HINT/.test(line))
  return (relevant.length > 0 ? relevant : lines)
    .map((line) => line.replace(/^.*?\[\d+\] /, '').trim())
    .join(' ')
}

/** On the loopback, free at this moment. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer().once('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as { port: number }
      probe.close(() => resolve(port))
    })
  })
}
