import { type ChildProcess, fork as forkProcess } from 'node:child_process'
import cluster from 'node:cluster'
import { once } from 'node:events'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pLimit from 'p-limit'
import { compactMemory } from './compact.ts'
import { config } from './config.ts'
import { migrate } from './db/migrate.ts'
import { exitRestored } from './forked.ts'
import { isPublication } from './live/forked-bus.ts'
import { log, logFalls } from './log.ts'
import { gatherFrom } from './metrics/gather.ts'
import { crashes } from './metrics/measures.ts'
import { isAboutPresence } from './presence/asked.ts'
import { sessionSecret } from './secret.ts'

/** Added to the environment of every process. */
type Environment = { EMBEDDED_DATABASE_URL?: string; SESSION_SECRET: string; MALLOC_ARENA_MAX: string }

/** Longer than a worker waits for running requests. */
const maxCloseMs = 9000
const children = new Set<ChildProcess>()
const opened = new AsyncDisposableStack()
const ending = new AbortController()
/** While one starts, those that serve need the other cores; and the first is ready sooner than if all started at once. */
const inTurn = pLimit(Math.ceil(availableParallelism() / 2))
/** For so long the next one waits for one that starts. */
const maxTurnMs = 5000
let closing = false
let databaseUrl: string
let migrating: Promise<void> | undefined

/**
 * Migrates the database, forks the workers and the jobs process, and replaces one that crashed; closes everything in
 * reverse order.
 */
export async function run(): Promise<void> {
  logFalls()
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => void close(0))
  try {
    await start()
  } catch (error) {
    if (closing) return
    const lines = (error as Error).message.split('\n')
    process.stderr.write(lines.map((line) => `rozmowa: ${line}\n`).join(''))
    await close(1)
  }
}

async function start(): Promise<void> {
  databaseUrl = config.databaseUrl ?? (await startEmbeddedDatabase())
  opened.defer(giveMigrationUp)
  await bringUpToDate()
  const isDemo = config.embedded && (await fillDemo())
  if (closing) return
  const environment = {
    SESSION_SECRET: await sessionSecret(),
    // Each thread of a pool would have an arena of its own, and what was freed there would stay.
    MALLOC_ARENA_MAX: process.env.MALLOC_ARENA_MAX ?? '2',
    ...(config.embedded && { EMBEDDED_DATABASE_URL: databaseUrl }),
  }
  opened.defer(closeChildren)
  // Node's own distribution loses a connection that is being handed to a worker as it dies; the kernel gives it only to
  // a worker that accepts it.
  cluster.schedulingPolicy = cluster.SCHED_NONE
  const forks = [forkJobs, ...Array.from({ length: config.workers }, () => forkWorker)]
  const started = forks.map((fork) => ({ child: follow(fork(environment)), again: () => fork(environment) }))
  await Promise.all(started.map(({ child }) => ready(child)))
  for (const { child, again } of started) replaceWhenFallen(child, again)
  greet(isDemo)
  await compactMemory()
}

function bringUpToDate(): Promise<void> {
  const mayRegister = config.registration === 'open'
  migrating = migrate(config.directUrl ?? databaseUrl, { mayRegister, signal: ending.signal })
  return migrating
}

async function giveMigrationUp(): Promise<void> {
  ending.abort()
  await migrating?.catch(() => {})
}

async function startEmbeddedDatabase(): Promise<string> {
  const { startEmbedded } = await import('./db/embedded/start.ts')
  const { url, stop } = await startEmbedded(config.dataDir, {}, config.databaseUpgrade)
  opened.defer(stop)
  return url
}

async function fillDemo(): Promise<boolean> {
  const { fillDemo } = await import('./demo/fill.ts')
  return fillDemo(databaseUrl)
}

const forkWorker = (environment: Environment): ChildProcess => cluster.fork(environment).process

const forkJobs = (environment: Environment): ChildProcess =>
  forkProcess(join(import.meta.dirname, 'jobs-process.ts'), { env: { ...process.env, ...environment } })

function follow(child: ChildProcess): ChildProcess {
  children.add(child)
  gatherFrom(child)
  child.once('exit', () => children.delete(child))
  child.on('message', (message) => passOn(child, message))
  return child
}

/**
 * Passes on what the jobs process and the workers say to each other: without Redis, what jobs publish; who is here, and
 * the answer.
 */
function passOn(from: ChildProcess, message: unknown): void {
  if (!isPublication(message) && !isAboutPresence(message)) return
  for (const child of children) if (child !== from && child.connected) child.send(message, () => {})
}

/** @throws Error when the process ends before it can serve */
async function ready(child: ChildProcess): Promise<void> {
  const [message] = await Promise.race([once(child, 'message'), once(child, 'exit')])
  if (message !== 'ready')
    throw new Error(message?.failed ?? `a process exited during its start with ${message}`)
}

function replaceWhenFallen(child: ChildProcess, again: () => ChildProcess): void {
  child.once('exit', async (code, signal) => {
    if (closing) return
    if (code === exitRestored) await takeRestored()
    else noteCrash(child, code, signal)
    // Not at once: processes that keep crashing must not keep a core busy.
    await sleep(200)
    await inTurn(async () => {
      if (closing) return
      const next = follow(again())
      replaceWhenFallen(next, again)
      await Promise.race([ready(next).catch(() => {}), sleep(maxTurnMs)])
    })
  })
}

function noteCrash({ pid }: ChildProcess, code: number | null, signal: string | null): void {
  crashes.value++
  log.error({ process: pid, code, signal }, 'a process crashed and is being replaced')
}

/** A backup may be of an older version: it is migrated before anything uses it. */
async function takeRestored(): Promise<void> {
  log.warn('the database was restored from a backup, or a standby took over; the workers are restarted')
  await bringUpToDate().catch((err) => log.error({ err }, 'the restored database could not be migrated'))
}

async function closeChildren(): Promise<void> {
  await Promise.all(
    [...children].map(async (child) => {
      const exited = once(child, 'exit')
      if (child.connected) child.send('close', () => {})
      const timeout = setTimeout(() => child.kill('SIGKILL'), maxCloseMs)
      await exited
      clearTimeout(timeout)
    }),
  )
}

async function close(code: number): Promise<void> {
  if (closing) return
  closing = true
  await opened.disposeAsync()
  process.exit(code)
}

function greet(isDemo: boolean): void {
  log.info({ url: config.baseUrl, workers: config.workers }, 'ready')
  if (!isDemo) return
  process.stdout.write(
    `\n  Rozmowa: ${config.baseUrl}/wiadomosci\n` +
      '  Sign in as anna@example.org, bartek@example.org, celina@example.org, dawid@example.org\n' +
      '  or ewa@example.org; the password is "wiadomosci".\n\n',
  )
}
