import type { ErrorRequestHandler, RequestHandler } from 'express'
import { log } from '../log.ts'
import { invalid, notFound, Problem, unavailable } from './problem.ts'
import { routeOf } from './route-of.ts'

/**
 * PostgreSQL's states, by class, in which the same request may succeed a moment later: no connection (08, 28, 3D),
 * conflict with another transaction (40), out of resources (53), lock timeout or shutdown (55P03, 57, 25P03),
 * broken beneath (58), read-only (25006).
 */
const passingState = /^(?:08|28|3D|40|53|57|58)[0-9A-Z]{3}$|^(?:25006|25P03|55P03)$/
const fatal = new Set(['FATAL', 'PANIC'])
/** The drivers' codes for a connection that was lost or never opened. */
const lostConnection =
  /^(?:CONNECTION_(?:CLOSED|ENDED|DESTROYED)|CONNECT_TIMEOUT|SASL_|ERR_(?:TLS|SSL|SOCKET)_)/
/** The system's codes for the network, and for a machine that has run out of something. */
const exhausted = new Set(['ENOSPC', 'EDQUOT', 'EROFS', 'EMFILE', 'ENFILE', 'ENOMEM', 'ENOBUFS'])
const network =
  /^E(?:CONN(?:REFUSED|RESET|ABORTED)|HOST(?:UNREACH|DOWN)|NET(?:UNREACH|DOWN|RESET)|NOTFOUND|AI_\w+|PIPE|TIMEDOUT|NOTCONN|ADDRNOTAVAIL)$/
/** A socket's path that is not there has the code of a missing file. */
const connecting = new Set(['connect', 'getaddrinfo'])
const redisAway =
  /^(?:Connection is closed|Command timed out|Stream isn't writeable|Reached the max retries|Cluster is|Cluster isn't ready|Too many Cluster redirections|Failed to refresh slots cache|(?:MOVED|LOADING|READONLY|MASTERDOWN|MISCONF|OOM|BUSY|CLUSTERDOWN|TRYAGAIN|NOREPLICAS|NOAUTH|WRONGPASS) )/

interface Thrown {
  code?: string
  message?: string
  syscall?: string
  /** On PostgreSQL's errors: after a fatal one there is no connection, whatever its code. */
  severity?: string
  status?: number
  type?: string
}

/** Whether something that the service depends on is away, so that the request is worth retrying. */
function isAway({ code = '', message = '', syscall = '', severity = '' }: Thrown): boolean {
  return (
    [passingState, lostConnection, network].some((kind) => kind.test(code)) ||
    fatal.has(severity) ||
    exhausted.has(code) ||
    connecting.has(syscall) ||
    redisAway.test(message)
  )
}

/** For input that passed the schema, but that PostgreSQL cannot store. */
const unstorable = new Set(['22021', '22P02', '22P05', '22003', '22007', '22008', '22009'])

/** The problem to answer with, for anything that a handler threw. */
export function problemOf(error: unknown): Problem {
  if (error instanceof Problem) return error
  const thrown = error as Thrown
  const { code, status, type } = thrown
  if (code && unstorable.has(code)) return invalid('The input contains a value that cannot be stored.')
  // An error with a status is about the caller's connection, not ours.
  if (!status && isAway(thrown)) return unavailable()
  // What express' body parsers and router throw carries its own status.
  if (status === 413) return new Problem(413, 'payload_too_large', 'The body is larger than 256 KiB.')
  if (status === 415 || type === 'encoding.unsupported')
    return new Problem(
      415,
      'unsupported_media_type',
      'The body has an encoding or character set that is not supported.',
    )
  if (status && status >= 400 && status < 500) return invalid('The request is malformed.')
  return new Problem(500, 'internal', 'Something went wrong on our side.')
}

export const notFoundHandler: RequestHandler = () => {
  throw notFound()
}

/** Endpoints of the sister systems, whose clients know errors as `{detail}`. */
export const ofSisterSystems = /^\/(?:auth|chats|messages|users|api\/v1)(?:\/|$)/

/** With the fields that are wrong: those clients look nowhere else. */
const inOneText = ({ message, errors = [] }: Problem): string =>
  `${message} ${errors.map((error) => [error.path, error.message].filter(Boolean).join(': ')).join('; ')}`.trim()

/** The one place where an error becomes an answer of the API. */
export const answerProblem: ErrorRequestHandler = (error, req, res, _next) => {
  const problem = problemOf(error)
  if (problem.status >= 500) log.error({ err: error, route: routeOf(req) }, problem.code)
  // Half an answer, such as a stream: the client sees it cut off, and reconnects.
  if (res.headersSent) return void res.destroy()
  if (problem.retryAfter) res.set('Retry-After', String(problem.retryAfter))
  if (problem.status === 401 && (req.bearer || ofSisterSystems.test(req.path)))
    res.set('WWW-Authenticate', 'Bearer')
  res.status(problem.status)
  if (ofSisterSystems.test(req.path)) res.json({ detail: inOneText(problem) })
  else res.type('application/problem+json').send(JSON.stringify(problem.body()))
}
