import { setTimeout as sleep } from 'node:timers/promises'
import type { Sql } from 'postgres'
import { config } from '../config.ts'
import { log } from '../log.ts'
import { openPostgres } from './address.ts'
import { resumeDatabase, suspendDatabase } from './client.ts'
import { reach } from './reach.ts'

const everyMs = 1000
/** Longer than a busy machine takes for the smallest answer. */
const deadlineMs = 2000

/**
 * Pings a database once a second, on a connection of its own. Once it does not answer, waiting and new queries fail at
 * once, until it answers again: a frozen server would block every request.
 */
export class Breaker {
  readonly #url: string
  #probe: Sql
  #isAway = false
  #isWanted = true
  #timer: NodeJS.Timeout | undefined

  constructor(url: string) {
    this.#url = url
    this.#probe = connect(url)
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
    if (answers) resumeDatabase()
    else await suspendDatabase()
    log.warn(answers ? 'PostgreSQL answers again' : 'PostgreSQL does not answer')
  }

  /** A cut connection does not mean that the server is away: it is pinged until the deadline. */
  async #answers(): Promise<boolean> {
    for (const end = Date.now() + deadlineMs; this.#isWanted && Date.now() < end; await sleep(100)) {
      const asked = reach(this.#probe, end - Date.now())
      if (
        await asked.then(
          () => true,
          () => false,
        )
      )
        return true
    }
    return false
  }

  /** Pending queries might wait for a server that is gone, while another has its address. */
  async #connectAnew(): Promise<void> {
    const old = this.#probe
    this.#probe = connect(this.#url)
    await old.end({ timeout: 0 })
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
