import { AsyncLocalStorage } from 'node:async_hooks'

/** The request, or job, that something is done for. */
export interface Context {
  /** As the answer's `X-Request-Id` has it; of a job, its task and number. */
  requestId: string
  /** Who asks, once that is known. */
  userId?: number
  /** How long it has waited for PostgreSQL by now, in ms; questions that were asked together count each. */
  databaseMs: number
  /** The longest of these waits, and why it took so long where that is known. */
  longest?: Waited
}

export interface Waited {
  ms: number
  statement: string
  cause?: string
}

const storage = new AsyncLocalStorage<Context>()

/** What is done right now is done for it; undefined where nobody asked. */
export const currentContext = (): Context | undefined => storage.getStore()

/** Does something, and all that follows from it, for a request or a job. */
export const within = <T>(context: Context, work: () => T): T => storage.run(context, work)
