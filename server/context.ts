import { AsyncLocalStorage } from 'node:async_hooks'
import type { Span } from '@opentelemetry/api'

/** What a context is known by. */
interface Known {
  /** As the answer's `X-Request-Id` has it; of a job, its task and number. Nothing where nobody asked. */
  requestId?: string | undefined
  /** Who asks, once that is known. */
  userId?: number | undefined
  /** Where traces are made. */
  span?: Span | undefined
}

/** The request, or job, that something is done for. */
export interface Context extends Known {
  /** How many answers of PostgreSQL it waits for, since when it waits for any, and how long it had waited before. ms */
  waits: number
  waitsSince: number
  waitedMs: number
  /** The longest of these waits. */
  longest: Waited | undefined
}

export interface Waited {
  ms: number
  statement: string
  /** Why it took so long, where that is known. */
  cause?: string | undefined
}

const storage = new AsyncLocalStorage<Context>()

/** What is done right now is done for it; undefined where nobody asked. */
export const currentContext = (): Context | undefined => storage.getStore()

/** Does something, and all that follows from it, for a request or a job. */
export function within<T>({ requestId, userId, span }: Known, work: (context: Context) => T): T {
  const context = { requestId, userId, span, waits: 0, waitsSince: 0, waitedMs: 0, longest: undefined }
  return storage.run(context, work, context)
}

/** The same for nobody: what lasts longer than whatever it was begun for. */
export const apartFromContext = <T>(work: () => T): T => storage.exit(work)

/** It begins to wait for PostgreSQL. */
export function beginWait(context: Context, now: number): void {
  if (context.waits++ === 0) context.waitsSince = now
}

/** What it has waited for has come. */
export function endWait(context: Context, waited: Waited, now: number): void {
  if (--context.waits === 0) context.waitedMs += now - context.waitsSince
  if (waited.ms > (context.longest?.ms ?? 0)) context.longest = waited
}

/** How long it has waited for PostgreSQL by now; several answers at the same time count once. ms */
export const waitedOf = ({ waits, waitsSince, waitedMs }: Context): number =>
  waitedMs + (waits > 0 ? performance.now() - waitsSince : 0)
