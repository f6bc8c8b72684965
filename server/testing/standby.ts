import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { appendFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import postgres from 'postgres'
import { giveAll } from '../db/embedded/owner.ts'
import { freePort } from '../db/embedded/server.ts'
import { childrenOf, signalIfThere } from './freeze.ts'
import { Guide } from './guide.ts'
import { findPostgresPrograms, type PostgresPrograms } from './postgres-programs.ts'

const guide = new Guide('redundancy.md')

const password = 'only-for-tests'
/** What the tests' own connections are called. */
export const observer = 'observer'

/** One of two servers. */
export interface ReplicatingServer {
  port: number
  data: string
  sql: postgres.Sql
  /** Every process of it, at once. */
  signal(name: NodeJS.Signals): void
  start(): Promise<void>
  /** Without writing anything down. */
  kill(): Promise<void>
  stop(): Promise<void>
}

/** Statements of the guide that contain these words, without the program they are given to. */
const statement = (words: string) => /-c "(.*)"$/.exec(guide.commands(words)[0]!)![1]!

/** A primary and its standby, set up as the guide has it. */
export class StandbyPair {
  /** Names both, as DATABASE_URL. */
  readonly url: string
  primary: ReplicatingServer
  standby: ReplicatingServer
  readonly #programs: PostgresPrograms

  private constructor(programs: PostgresPrograms, primary: ReplicatingServer, standby: ReplicatingServer) {
    this.#programs = programs
    this.primary = primary
    this.standby = standby
    const hosts = [primary, standby].map(({ port }) => `127.0.0.1:${port}`).join()
    this.url = `postgres://rozmowa:${password}@${hosts}/rozmowa?target_session_attrs=read-write`
  }

  /** @param folder that the user who runs PostgreSQL may enter */
  static async start(folder: string, isSynchronous = true): Promise<StandbyPair> {
    const programs = findPostgresPrograms()
    const [first, second] = [await makePrimary(programs, folder), await freePort()]
    const primary = serverIn(programs, join(folder, 'primary'), first)
    await primary.start()
    await primary.sql.unsafe(statement('create role replicator').replace('REPLICATOR_PASSWORD', password))
    await primary.sql`create database rozmowa`
    const standby = serverIn(programs, join(folder, 'standby'), second)
    const pair = new StandbyPair(programs, primary, standby)
    await pair.#follow(isSynchronous)
    return pair
  }

  /** Makes the standby a copy of the primary, which streams on. */
  async #follow(isSynchronous: boolean): Promise<void> {
    const { primary, standby } = this
    copyByGuide(this.#programs, standby.data, primary.port)
    await standby.start()
    await until(async () => {
      const rows = await primary.sql`select from pg_stat_replication where state = 'streaming'`
      return rows.length === 1
    })
    if (!isSynchronous) return
    await primary.sql.unsafe(statement('synchronous_standby_names ='))
    await primary.sql.unsafe(statement('pg_reload_conf'))
    await until(async () => {
      const rows = await primary.sql`select from pg_stat_replication where sync_state = 'quorum'`
      return rows.length === 1
    })
  }

  /** After a promotion: the old primary becomes the new one's standby. */
  async exchange(): Promise<void> {
    const old = this.primary
    await old.kill()
    rmSync(old.data, { recursive: true })
    this.primary = this.standby
    this.standby = old
    await this.#follow(true)
  }

  /** A connection to the service's database on one of them. */
  database = (server: ReplicatingServer, name = 'rozmowa'): postgres.Sql =>
    postgres(`postgres://rozmowa:${password}@127.0.0.1:${server.port}/${name}`, {
      max: 2,
      onnotice: () => {},
      connection: { application_name: observer, default_transaction_read_only: false },
    })

  /** What the primary stores from now on never reaches the standby. */
  async cutOff(): Promise<void> {
    const { sql } = this.standby
    await until(async () => {
      const rows = await this.primary.sql`
        select from pg_stat_replication where replay_lsn = pg_current_wal_lsn()`
      return rows.length === 1
    })
    await sql.unsafe("alter system set primary_conninfo = ''")
    await sql.unsafe('select pg_reload_conf()')
    await until(async () => (await sql`select from pg_stat_wal_receiver`).length === 0)
  }

  async promote(): Promise<void> {
    await this.standby.sql.unsafe(statement('pg_promote'))
  }

  async stop(): Promise<void> {
    await Promise.all([this.primary.stop(), this.standby.stop()])
  }
}

async function makePrimary(programs: PostgresPrograms, folder: string): Promise<number> {
  const [data, secret] = [join(folder, 'primary'), join(folder, 'secret')]
  mkdirSync(data, { mode: 0o700 })
  writeFileSync(secret, password)
  for (const each of [data, secret]) giveAll(programs.owner, each)
  run(programs, join(programs.server, 'initdb'), [
    ...['--pgdata', data, '--username', 'rozmowa', '--pwfile', secret, '--auth', 'scram-sha-256'],
    ...['--encoding', 'UTF8', '--no-sync'],
  ])
  appendFileSync(join(data, 'postgresql.conf'), guide.file('/etc/postgresql/15/main/conf.d/replication.conf'))
  const rules = guide.file('/etc/postgresql/15/main/pg_hba.conf').replaceAll('10.0.0.0/24', '127.0.0.1/32')
  appendFileSync(join(data, 'pg_hba.conf'), rules)
  return freePort()
}

function copyByGuide(programs: PostgresPrograms, data: string, primaryPort: number): void {
  mkdirSync(data, { mode: 0o700 })
  giveAll(programs.owner, data)
  const command = guide
    .commands('pg_basebackup --')[0]!
    .replace(/^.*?pg_basebackup/, join(programs.client, 'pg_basebackup'))
    .replace('/var/lib/postgresql/15/main', data)
    .replace('10.0.0.21 port=5432', `127.0.0.1 port=${primaryPort}`)
    .replace('REPLICATOR_PASSWORD', password)
  run(programs, '/bin/sh', ['-c', command])
}

function run({ owner, env }: PostgresPrograms, program: string, args: string[]): void {
  const { status, stderr } = spawnSync(program, args, { ...owner, env, cwd: '/', encoding: 'utf8' })
  if (status !== 0) throw new Error(`${program}: ${stderr}`)
}

function serverIn(programs: PostgresPrograms, data: string, port: number): ReplicatingServer {
  let child: ChildProcess | undefined
  const sql = postgres(`postgres://rozmowa:${password}@127.0.0.1:${port}/postgres`, {
    max: 2,
    onnotice: () => {},
    backoff: () => 0.1,
    connection: { application_name: observer, default_transaction_read_only: false },
  })
  const own = ['-c', `port=${port}`, '-c', `unix_socket_directories=`, '-c', 'max_connections=200']
  const start = async () => {
    child = spawn(join(programs.server, 'postgres'), ['-D', data, ...own], {
      ...programs.owner,
      env: programs.env,
      cwd: '/',
      detached: true,
      stdio: 'ignore',
    })
    child.unref()
    await until(() => sql`select 1`.then(Boolean, () => false))
  }
  const signal = (name: NodeJS.Signals) => {
    for (const pid of [child!.pid!, ...childrenOf(child!.pid!)]) signalIfThere(pid, name)
  }
  const kill = async () => {
    signal('SIGCONT')
    signalIfThere(child!.pid!, 'SIGQUIT')
    while (child!.exitCode === null && child!.signalCode === null) await sleep(50)
  }
  const stop = () => sql.end({ timeout: 1 }).then(kill)
  return { port, data, sql, signal, start, kill, stop }
}

async function until(isSo: () => Promise<boolean>): Promise<void> {
  for (const end = Date.now() + 60_000; !(await isSo()); await sleep(100))
    if (Date.now() > end) throw new Error('the servers do not get ready')
}
