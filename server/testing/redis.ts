import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { createInterface } from 'node:readline'
import { freePort } from '../db/embedded/server.ts'
import { runs, unpackRedis, unpackRedisCli } from './redis-package.ts'

export interface RedisServer {
  url: string
  port: number
  pid: number
  stop(): Promise<void>
}

export interface RedisOptions {
  /** Loopback port; a free one when not given. */
  port?: number
  /** Keeps what is written in `dir`, so that a server started there later has it again. */
  appendonly?: boolean
  dir?: string
  /** Further settings, as arguments. */
  more?: string[]
}

/**
 * The path of a redis-server, version 7 or later: from PATH, else unpacked from this system's packages.
 * @throws Error that says what to install
 */
async function findRedis(): Promise<string> {
  const installed = () => onPath('redis-server', runs)
  return installed() ?? unpackedOr(() => install() && installed())
}

/** The path of a redis-cli: from PATH, else unpacked from this system's packages. */
export function findRedisCli(): string {
  return onPath('redis-cli', (program) => existsSync(program)) ?? unpackRedisCli()
}

const onPath = (name: string, isRight: (program: string) => boolean) =>
  process.env.PATH?.split(delimiter)
    .map((folder) => join(folder, name))
    .find(isRight)

function unpackedOr(fallback: () => string | false | undefined): string {
  try {
    return unpackRedis()
  } catch (error) {
    const program = fallback()
    if (program) return program
    const why = (error as Error).message.split('\n')[0]
    throw new Error(`The tests need redis-server 7 or later on the PATH: install Redis (${why})`)
  }
}

function install(): boolean {
  if (process.getuid?.() !== 0) return false
  try {
    const wait = ['-o', 'DPkg::Lock::Timeout=120']
    execFileSync('apt-get', [...wait, 'update'], { stdio: 'ignore' })
    execFileSync('apt-get', [...wait, 'install', '-y', '--no-install-recommends', 'redis-server'], {
      stdio: 'ignore',
    })
    process.stdout.write('Redis: installed the package redis-server\n')
    return true
  } catch {
    return false
  }
}

/** Starts a Redis of the caller's own on the loopback, empty, and without persistence unless the options say otherwise. */
export async function startRedis(options: RedisOptions = {}): Promise<RedisServer> {
  const program = await findRedis()
  for (let attempt = 1; ; attempt++) {
    const port = options.port ?? (await freePort())
    const child = spawn(program, settings(port, options), { stdio: ['ignore', 'pipe', 'ignore'] })
    const said = await readiness(child, 'Ready to accept connections')
    if (said === 'ready') return handle(child, port)
    if (options.port || attempt === 5) throw new Error(`redis-server did not start on port ${port}: ${said}`)
  }
}

/** Starts a Sentinel with this file of settings, which it goes on writing. */
export async function startSentinel(port: number, file: string): Promise<RedisServer> {
  const child = spawn(await findRedis(), [file, '--sentinel'], { stdio: ['ignore', 'pipe', 'ignore'] })
  const said = await readiness(child, '+monitor')
  if (said !== 'ready') throw new Error(`the Sentinel did not start on port ${port}: ${said}`)
  return handle(child, port)
}

function settings(port: number, { appendonly = false, dir = tmpdir(), more = [] }: RedisOptions): string[] {
  return [
    '--port',
    `${port}`,
    '--bind',
    '127.0.0.1',
    '--save',
    '',
    '--appendonly',
    appendonly ? 'yes' : 'no',
    '--dir',
    dir,
    ...more,
  ]
}

function readiness(child: ChildProcess, sign: string): Promise<string> {
  return new Promise((resolve) => {
    let last = ''
    child.once('error', (error) => resolve(error.message))
    child.once('exit', () => resolve(last))
    createInterface({ input: child.stdout as NodeJS.ReadableStream }).on('line', (line) => {
      last = line
      if (line.includes(sign)) resolve('ready')
    })
  })
}

function handle(child: ChildProcess, port: number): RedisServer {
  const pid = child.pid as number
  const watch = endWithThisProcess(pid)
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  const stop = async () => {
    watch.kill()
    child.kill('SIGTERM')
    // A server that a test froze takes the other only then.
    child.kill('SIGCONT')
    if (!hasEnded(child)) await ended
  }
  return { url: `redis://127.0.0.1:${port}`, port, pid, stop }
}

/** However this process goes, killed included, the pipe it holds closes, and its watcher ends the server. */
function endWithThisProcess(pid: number): ChildProcess {
  const watch = spawn('/bin/sh', ['-c', `read _; kill -9 ${pid}`], { stdio: ['pipe', 'ignore', 'ignore'] })
  watch.unref()
  return watch
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null
}

/** Whether a test killed it. */
export function isKilled({ pid }: RedisServer): boolean {
  try {
    process.kill(pid, 0)
    return false
  } catch {
    return true
  }
}
