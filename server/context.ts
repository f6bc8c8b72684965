import { AsyncLocalStorage } from 'node:async_hooks'
import type { Span } from '@opentelemetry/api'

/** The request, or job, that something is done for. */
export interface Context {
  /** As the answer's `X-Request-Id` has it; of a job, its task and number. Nothing where nobody asked. */
  requestId?: string
  /** Who asks, once that is known. */
  userId?: number
  /** How long it has waited for PostgreSQL by now, in ms; what is asked at the same time counts each. */
  databaseMs: number
  /** The longest of these waits, and why it took so long where that is known. */
  longest?: Waited | undefined
  /** Where traces are made. */
  span?: Span
}

export interface Waited {
  ms: number
  statement: string
  cause?: string | undefined
}

/** Something that was done for it has waited for PostgreSQL. */
export function noteWait(context: Context, waited: Waited): void {
  context.databaseMs += waited.ms
  if (waited.ms > (context.longest?.ms ?? 0)) context.longest = waited
}

const storage = new AsyncLocalStorage<Context>()

/** What is done right now is done for it; undefined where nobody asked. */
export const currentContext = (): Context | undefined => storage.getStore()

/** Does something, and all that follows from it, for a request or a job. */
export const within = <T>(context: Context, work: () => T): T => storage.run(context, work)

/** The same for nobody: what lasts longer than whatever it was begun for. */
export const apartFromContext = <T>(work: () => T): T => storage.exit(work)
