import type { Context } from '../context.ts'
import type { slowQueries } from '../metrics/measures.ts'

export type Cause = keyof typeof slowQueries

/** A statement of the driver's, from within: it shows nothing else of its pool, and its `debug` costs a stack each time. */
export interface Query {
  /** The connection it was given; null while it waits for one. */
  state: { pid: number | null } | null
  /** One for all statements of a pool. */
  canceller: unknown
  /** One for all statements outside of transactions. */
  handler: unknown
  executed: boolean
  /** The statement, with its parameters as `$1`. */
  string?: string
  resolve(value: unknown): void
  reject(error: unknown): void
  handle(): Promise<void>
}

/** A statement that has no answer yet. */
export interface Running {
  query: Query
  /** ms, by the process's clock */
  since: number
  /** On whose behalf. */
  context: Context | undefined
  /** Why it takes so long, once somebody has looked. */
  cause?: Cause
  /** What PostgreSQL calls what it waits for. */
  event?: string
  /** The process of the server that holds the lock. */
  blockedBy?: number
}
