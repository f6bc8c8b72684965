import { realpathSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import postgres from 'postgres'
import { startEmbedded } from '../server/db/embedded/start.ts'
import { migrate } from '../server/db/migrate.ts'
import { freezePostgres, postmasterOf } from '../server/testing/freeze.ts'
import { insist } from './insist.ts'

/** No durability against power cuts is needed: only processes are killed. */
const settings = {
  fsync: 'off',
  full_page_writes: 'off',
  max_connections: '200',
  // So that it fits on a small disk.
  min_wal_size: '32MB',
  max_wal_size: '64MB',
}
const ourselves = 'chaos'

/** What is broken as one PostgreSQL. */
export interface BreakablePostgres {
  /** A connection for observers, which may write even when others may not. */
  readonly sql: postgres.Sql
  /** Makes a migrated database. @returns its URL */
  database(name: string): Promise<string>
  /** The observers' connection to it. */
  observe(name: string): postgres.Sql
  freeze(): void
  thaw(): void
  crash(): unknown
  /** Only where there is a standby. */
  failOver?(ms: number): Promise<void>
  setReadOnly(isReadOnly: boolean): Promise<void>
  without(name: string, work: () => Promise<void>): Promise<void>
  endConnections(share: number): Promise<number>
  stop(): Promise<void>
}

/** The server of all databases, with handles to break it. */
export class FragilePostgres implements BreakablePostgres {
  /** A connection for observers, which may write even when others may not. */
  readonly sql: postgres.Sql
  readonly #url: string
  readonly #home: string
  readonly #stopServer: () => Promise<void>
  readonly #observers = new Map<string, postgres.Sql>()
  #thawed = () => {}

  private constructor(url: string, home: string, stopServer: () => Promise<void>) {
    this.#url = url
    this.#home = home
    this.#stopServer = stopServer
    this.sql = connect(url)
  }

  /** On the disk that `folder` is on. */
  static async start(folder: string): Promise<FragilePostgres> {
    const { url, stop } = await startEmbedded(folder, settings)
    return new FragilePostgres(url, realpathSync(join(folder, 'postgres')), stop)
  }

  async database(name: string): Promise<string> {
    await this.sql`create database ${this.sql(name)}`
    const url = new URL(`/${name}`, this.#url).href
    await migrate(url)
    return url
  }

  observe(name: string): postgres.Sql {
    const sql = this.#observers.get(name) ?? connect(new URL(`/${name}`, this.#url).href)
    this.#observers.set(name, sql)
    return sql
  }

  freeze(): void {
    this.#thawed = freezePostgres(join(this.#home, 'cluster'))
  }

  thaw = (): void => this.#thawed()

  /** As a crash: connections are cut, nothing is written down, and the embedded server comes back by itself. */
  crash = (): unknown => process.kill(postmasterOf(join(this.#home, 'cluster')), 'SIGQUIT')

  async setReadOnly(isReadOnly: boolean): Promise<void> {
    if (isReadOnly) await this.sql`alter system set default_transaction_read_only = on`
    else await this.sql`alter system reset default_transaction_read_only`
    await this.sql`select pg_reload_conf()`
  }

  /** Runs `work` on a database that accepts no other connections, as when restoring a backup. */
  async without(name: string, work: () => Promise<void>): Promise<void> {
    const { sql } = this
    await sql`alter database ${sql(name)} allow_connections false`
    try {
      await sql`
        select pg_terminate_backend(pid) from pg_stat_activity
        where datname = ${name} and application_name <> ${ourselves}`
      await work()
    } finally {
      await insist(() => sql`alter database ${sql(name)} allow_connections true`)
    }
  }

  /** Ends a share of the connections that others have. @returns how many */
  async endConnections(share: number): Promise<number> {
    const ended = await this.sql`
      select pg_terminate_backend(pid) from pg_stat_activity
      where application_name <> ${ourselves} and backend_type = 'client backend' and random() <= ${share}`
    return ended.length
  }

  async stop(): Promise<void> {
    this.thaw()
    for (const sql of [this.sql, ...this.#observers.values()]) await sql.end({ timeout: 1 })
    await this.#stopServer()
    rmSync(this.#home, { recursive: true, force: true })
  }
}

const connect = (url: string) =>
  postgres(url, {
    max: 2,
    onnotice: () => {},
    connection: { application_name: ourselves, default_transaction_read_only: false },
  })
