import type postgres from 'postgres'
import { migrate } from '../server/db/migrate.ts'
import { observer, StandbyPair } from '../server/testing/standby.ts'
import { insist } from './insist.ts'
import type { BreakablePostgres } from './postgres.ts'

/** A primary and its synchronous standby, with handles to break the primary. */
export class FragilePair implements BreakablePostgres {
  readonly #pair: StandbyPair
  readonly #connections = new Map<string, postgres.Sql>()

  private constructor(pair: StandbyPair) {
    this.#pair = pair
  }

  static start = async (folder: string): Promise<FragilePair> =>
    new FragilePair(await StandbyPair.start(folder))

  get sql(): postgres.Sql {
    return this.#pair.primary.sql
  }

  async database(name: string): Promise<string> {
    await this.sql`create database ${this.sql(name)}`
    const url = this.#pair.url.replace('/rozmowa?', `/${name}?`)
    await migrate(url)
    return url
  }

  /** At whichever is the primary. */
  observe(name: string): postgres.Sql {
    const { primary } = this.#pair
    const key = `${primary.port} ${name}`
    const sql = this.#connections.get(key) ?? this.#pair.database(primary, name)
    this.#connections.set(key, sql)
    return sql
  }

  freeze = (): void => this.#pair.primary.signal('SIGSTOP')
  thaw = (): void => this.#pair.primary.signal('SIGCONT')

  async crash(): Promise<void> {
    await this.#pair.primary.kill()
    await this.#pair.primary.start()
  }

  /** The primary dies, and after so many ms the standby takes its place; then the old one follows it. */
  async failOver(ms: number): Promise<void> {
    this.#pair.primary.signal('SIGKILL')
    await new Promise((resolve) => setTimeout(resolve, ms))
    await insist(() => this.#pair.promote())
    await this.#pair.exchange()
  }

  async setReadOnly(isReadOnly: boolean): Promise<void> {
    if (isReadOnly) await this.sql`alter system set default_transaction_read_only = on`
    else await this.sql`alter system reset default_transaction_read_only`
    await this.sql`select pg_reload_conf()`
  }

  async without(): Promise<void> {
    throw new Error('a backup is not restored where there is a standby')
  }

  async endConnections(share: number): Promise<number> {
    const ended = await this.sql`
      select pg_terminate_backend(pid) from pg_stat_activity
      where application_name <> ${observer} and backend_type = 'client backend' and random() <= ${share}`
    return ended.length
  }

  async stop(): Promise<void> {
    for (const sql of this.#connections.values()) await sql.end({ timeout: 1 })
    await this.#pair.stop()
  }
}
