import { type ChildProcess, spawn } from 'node:child_process'
import { createHmac, randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import postgres from 'postgres'
import { freePort } from '../server/db/embedded/server.ts'
import { startEmbedded } from '../server/db/embedded/start.ts'
import { migrate } from '../server/db/migrate.ts'
import { startRedis } from '../server/testing/redis.ts'
import { childrenOf, parentOf } from './processes.ts'

const secret = 'only for the bench, only for the bench'

export interface Program {
  port: number
  /** Of the process that does the work. */
  pid: number
  /** Of the one that was started, whose children the others are. */
  root: number
  stop(): Promise<void>
}

export interface Stack {
  databaseUrl: string
  redisUrl: string
  /** PostgreSQL's log. */
  log: string
  sql: postgres.Sql
  /** Of PostgreSQL, whose children its other processes are. */
  postgresPid: number
  /** The cookies of as many users made for the bench, signed in without a password. */
  signIn(userIds: number[]): Promise<string[]>
  /** With one worker; `settings` are further variables of its environment. */
  startService(flags?: string[], settings?: Record<string, string>): Promise<Program>
  startFloor(): Promise<Program>
  stop(): Promise<void>
}

/** A PostgreSQL that writes everything down, a Redis, and the service as it runs in production, with one worker. */
export async function startStack(settings: Record<string, string> = {}): Promise<Stack> {
  const folder = mkdtempSync(join(tmpdir(), 'rozmowa-bench-'))
  // PostgreSQL may have to run as another user.
  chmodSync(folder, 0o755)
  const database = await startEmbedded(folder, settings)
  await migrate(database.url)
  const server = await startRedis()
  const sql = postgres(database.url, { max: 10, onnotice: () => {} })
  const environment = {
    DATABASE_URL: database.url,
    REDIS_URL: server.url,
    SESSION_SECRET: secret,
    DATA_DIR: folder,
  }
  return {
    databaseUrl: database.url,
    redisUrl: server.url,
    log: join(folder, 'postgres.log'),
    sql,
    postgresPid: await postmasterOf(sql),
    signIn: (userIds) => signIn(sql, userIds),
    startService: (flags = [], settings = {}) =>
      start([...flags, '../server/main.ts'], {
        ...environment,
        WORKERS: '1',
        RATE_LIMITS: 'off',
        LOG_LEVEL: 'info',
        ...settings,
      }),
    startFloor: () => start(['floor.ts'], { REDIS_URL: server.url, DATABASE_URL: database.url }),
    async stop() {
      await sql.end()
      await server.stop()
      await database.stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** Sessions as express-session would store them: hashing a thousand passwords would take too long. */
async function signIn(sql: postgres.Sql, userIds: number[]): Promise<string[]> {
  const cookie = { originalMaxAge: 3_600_000, path: '/' }
  const sessions = userIds.map((userId) => ({
    sid: randomUUID(),
    sess: sql.json({ cookie, userId, prolongedAt: Date.now() }),
    expire: new Date(Date.now() + 3_600_000),
  }))
  await sql`insert into sessions ${sql(sessions)}`
  return sessions.map(({ sid }) => {
    const signature = createHmac('sha256', secret).update(sid).digest('base64').replace(/=+$/, '')
    return `rozmowa=${encodeURIComponent(`s:${sid}.${signature}`)}`
  })
}

async function start(args: string[], environment: Record<string, string>): Promise<Program> {
  const port = await freePort()
  const env = {
    PATH: process.env.PATH,
    NODE_COMPILE_CACHE: join(import.meta.dirname, '../node_modules/.cache/compiled'),
    PORT: `${port}`,
    HOST: '127.0.0.1',
    ...environment,
  } as NodeJS.ProcessEnv
  const child = spawn(process.execPath, args, {
    env,
    cwd: import.meta.dirname,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const exited = once(child, 'exit')
  await Promise.race([
    ready(child),
    exited.then(([code]) => Promise.reject(new Error(`${args} ended with ${code}`))),
  ])
  const stop = async () => {
    child.kill('SIGTERM')
    await exited
  }
  return { port, pid: workerOf(child.pid!) ?? child.pid!, root: child.pid!, stop }
}

async function postmasterOf(sql: postgres.Sql): Promise<number> {
  const [backend] = await sql<{ pid: number }[]>`select pg_backend_pid() as pid`
  return parentOf(backend!.pid)
}

function ready(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    createInterface({ input: child.stdout! }).on('line', (line) => {
      if (line.includes('"msg":"ready"')) resolve()
    })
  })
}

const workerOf = (pid: number) =>
  childrenOf(pid).find((child) => readFileSync(`/proc/${child}/cmdline`, 'utf8').includes('main.ts'))
