import { setTimeout as sleep } from 'node:timers/promises'
import type { Sql } from 'postgres'
import { config } from '../config.ts'
import { log } from '../log.ts'
import { postgresAway } from '../metrics/measures.ts'
import { openPostgres } from './address.ts'
import { openedServer, resumeDatabase, suspendDatabase } from './client.ts'
import { primaryOf } from './primary.ts'
import { reach } from './reach.ts'

const everyMs = 1000
/** Longer than a busy machine takes for the smallest answer. */
const deadlineMs = 2000

/**
 * Nothing when all is well. A commit that waits for a standby would wait as long as that is away, and hold its
 * connection; a server in recovery is a standby itself.
 */
const complaint = `
  select 1 where pg_is_in_recovery() or exists (
    select from pg_stat_activity where wait_event = 'SyncRep' and state_change < now() - interval '3 seconds')`

/**
 * Pings a database once a second, on a connection of its own. Once it does not answer, waiting and new queries fail at
 * once, until it answers again, or another has taken over: a frozen server would block every request.
 */
export class Breaker {
  readonly #address: string
  /** Of the address's servers, the one to use. */
  #url = openedServer()
  #probe = connect(this.#url)
  #isAway = false
  #isWanted = true
  #timer: NodeJS.Timeout | undefined

  constructor(address: string) {
    this.#address = address
    postgresAway.read = () => ({ all: Number(this.#isAway) })
    this.#checkLater()
  }

  async close(): Promise<void> {
    this.#isWanted = false
    clearTimeout(this.#timer)
    await this.#probe.end({ timeout: 0 })
  }

  #checkLater(): void {
    this.#timer = setTimeout(async () => {
      await this.#check()
      if (this.#isWanted) this.#checkLater()
    }, everyMs)
  }

  async #check(): Promise<void> {
    const answers = await this.#answers()
    if (!this.#isWanted) return
    if (!answers) await this.#connectAnew()
    if (answers !== this.#isAway) return
    this.#isAway = !answers
    if (answers) resumeDatabase(this.#url)
    else await suspendDatabase()
    log.warn(answers ? 'PostgreSQL answers again' : 'PostgreSQL does not answer')
  }

  /** A cut connection does not mean that the server is away: it is pinged until the deadline. */
  async #answers(): Promise<boolean> {
    for (const end = Date.now() + deadlineMs; this.#isWanted && Date.now() < end; await sleep(100)) {
      const wrong = await reach(this.#probe, end - Date.now(), complaint).catch(() => undefined)
      if (wrong) return wrong.length === 0
    }
    return false
  }

  /** Pending queries might wait for a server that is gone, while another has its address, or its place. */
  async #connectAnew(): Promise<void> {
    const old = this.#probe
    this.#url = await primaryOf(this.#address, config.isPooled).catch(() => this.#url)
    if (!this.#isWanted) return
    this.#probe = connect(this.#url)
    // Not awaited: it may wait for a server that dies just now.
    old.end({ timeout: 0 }).catch(() => {})
  }
}

const connect = (url: string): Sql =>
  openPostgres(
    url,
    {
      max: 1,
      connect_timeout: deadlineMs / 1000,
      backoff: () => 0.1,
      onnotice: () => {},
      fetch_types: false,
      connection: { application_name: 'rozmowa-probe' },
    },
    config.isPooled,
  )
