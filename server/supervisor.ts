import cluster, { type Worker } from 'node:cluster'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { config } from './config.ts'
import { migrate } from './db/migrate.ts'
import { fillDemo } from './demo/fill.ts'
import { log } from './log.ts'
import { sessionSecret } from './secret.ts'

/** Told to every worker in its environment, besides ours. */
type WorkerEnvironment = { EMBEDDED_DATABASE_URL?: string; SESSION_SECRET: string }

const closers: (() => Promise<void>)[] = []
let closing = false

/** Brings the database up to date, forks the workers, replaces a fallen one; closes all of it mirrored. */
export async function run(): Promise<void> {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => void close(0))
  try {
    await start()
  } catch (error) {
    if (closing) return
    process.stderr.write(`rozmowa: ${(error as Error).message}\n`)
    await close(1)
  }
}

async function start(): Promise<void> {
  const databaseUrl = config.databaseUrl ?? (await startEmbeddedDatabase())
  await migrate(databaseUrl).catch(explainDatabase)
  const isDemo = config.embedded && (await fillDemo(databaseUrl))
  if (closing) return
  const environment = {
    SESSION_SECRET: await sessionSecret(),
    ...(config.embedded && { EMBEDDED_DATABASE_URL: databaseUrl }),
  }
  closers.push(closeWorkers)
  const workers = Array.from({ length: config.workers }, () => fork(environment))
  await Promise.all(workers.map(ready))
  for (const worker of workers) replaceWhenFallen(worker, environment)
  greet(isDemo)
}

function explainDatabase(error: NodeJS.ErrnoException): never {
  throw new Error(`DATABASE_URL: the database cannot be used: ${error.message || error.code}`)
}

async function startEmbeddedDatabase(): Promise<string> {
  const { startEmbedded } = await import('./db/embedded.ts')
  const { url, stop } = await startEmbedded(config.dataDir)
  closers.push(stop)
  return url
}

const fork = (environment: WorkerEnvironment): Worker => cluster.fork(environment)

/** @throws Error when the worker ends before it can serve */
async function ready(worker: Worker): Promise<void> {
  const [message] = await Promise.race([once(worker, 'message'), once(worker, 'exit')])
  if (message !== 'ready') throw new Error(message?.failed ?? `a worker ended at its start with ${message}`)
}

function replaceWhenFallen(worker: Worker, environment: WorkerEnvironment): void {
  worker.once('exit', async (code, signal) => {
    if (closing) return
    log.error({ worker: worker.process.pid, code, signal }, 'a worker fell; another takes its place')
    // Not at once: what makes every worker fall must not keep a core busy.
    await sleep(200)
    if (!closing) replaceWhenFallen(fork(environment), environment)
  })
}

async function closeWorkers(): Promise<void> {
  const workers = Object.values(cluster.workers ?? {}).filter((worker) => worker !== undefined)
  await Promise.all(
    workers.map(async (worker) => {
      const exited = once(worker, 'exit')
      if (worker.isConnected()) worker.send('close', () => {})
      const patience = setTimeout(() => worker.process.kill('SIGKILL'), 9000)
      await exited
      clearTimeout(patience)
    }),
  )
}

async function close(code: number): Promise<void> {
  if (closing) return
  closing = true
  for (const closer of closers.reverse()) await closer()
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
