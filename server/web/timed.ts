import { performance } from 'node:perf_hooks'
import type { Request, RequestHandler, Response } from 'express'
import { config } from '../config.ts'
import { type Context, currentContext, waitedOf } from '../context.ts'
import { shortened } from '../db/slow.ts'
import { log } from '../log.ts'
import { requestSeconds, requests, slowRequests } from '../metrics/measures.ts'
import { tracer } from '../metrics/traces.ts'
import { routeOf } from './route-of.ts'

interface Begun {
  context: Context | undefined
  at: number
  /** How busy this process was until then. */
  busy: ReturnType<typeof performance.eventLoopUtilization>
  /** When all of its body was here. */
  receivedAt: number
}

type Cause = keyof typeof slowRequests

/** Counts each request and how long it took, and logs those that took long, with what they waited for. */
export const timed: RequestHandler = (req, res, next) => {
  const at = performance.now()
  const context = currentContext()
  if (tracer && context) context.span = tracer.beginRequest(req.get('traceparent'))
  const begun = { context, at, busy: performance.eventLoopUtilization(), receivedAt: at }
  if (!req.complete)
    req.once('end', () => {
      begun.receivedAt = performance.now()
    })
  res.once('close', () => note(req, res, begun))
  next()
}

function note(req: Request, res: Response, begun: Begun): void {
  const ms = performance.now() - begun.at
  requests[outcomeOf(req, res)].value++
  requestSeconds.observe(ms / 1000)
  if (ms > config.slowMs) logSlow(req, res, begun, ms)
  else if (log.isLevelEnabled('debug'))
    log.debug({ ...described(req, res, begun), ms: Math.round(ms) }, 'request')
  if (tracer && begun.context?.span) tracer.endRequest(begun.context.span, described(req, res, begun))
  // A timer that was begun for it may hold the context for an hour.
  if (begun.context) begun.context.longest = undefined
}

/** An answer whose connection was taken for a stream has closed without being finished. */
function outcomeOf({ socket }: Request, { writableFinished, statusCode }: Response): keyof typeof requests {
  if (!writableFinished && socket) return 'hung_up'
  return `${Math.floor(statusCode / 100)}xx` as keyof typeof requests
}

/** Explicitly of this request: the connection it came on is shared by others. */
const described = (req: Request, res: Response, { context }: Begun) => ({
  requestId: context?.requestId,
  userId: context?.userId,
  route: routeOf(req),
  status: outcomeOf(req, res) === 'hung_up' ? ('hung_up' as const) : res.statusCode,
})

function logSlow(req: Request, res: Response, begun: Begun, ms: number): void {
  const { context } = begun
  const longest = context?.longest
  const waits = {
    databaseMs: Math.round(context ? Math.min(waitedOf(context), ms) : 0),
    /** Receiving the body. */
    clientMs: Math.round(begun.receivedAt - begun.at),
    /** This process was at work, for this request or others. */
    processMs: Math.round(performance.eventLoopUtilization(begun.busy).active),
  }
  const cause = longest?.cause === 'process' ? 'process' : causeOf(waits, ms)
  slowRequests[cause].value++
  const statement = cause === 'database' &&
    longest && { ...longest, ms: Math.round(longest.ms), statement: shortened(longest.statement) }
  log.warn(
    { ...described(req, res, begun), ms: Math.round(ms), cause, ...waits, ...(statement && { statement }) },
    'slow request',
  )
}

/** What more than half of the time went to. While a process is busy, what has been answered looks as if it were not. */
function causeOf(waits: { databaseMs: number; clientMs: number; processMs: number }, ms: number): Cause {
  if (waits.processMs > ms / 2) return 'process'
  if (waits.databaseMs > ms / 2) return 'database'
  return waits.clientMs > ms / 2 ? 'client' : 'other'
}
