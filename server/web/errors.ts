import type { ErrorRequestHandler, RequestHandler } from 'express'
import { log } from '../log.ts'
import { invalid, notFound, Problem, unavailable } from './problem.ts'

/**
 * PostgreSQL's states, by class, in which the same request may succeed a moment later: no connection (08, 28, 3D), lost
 * against another transaction (40), out of something (53), held up or stopped by somebody (55P03, 57, 25P03),
 * broken beneath (58), read-only (25006).
 */
const passingState = /^(?:08|28|3D|40|53|57|58)[0-9A-Z]{3}$|^(?:25006|25P03|55P03)$/
const fatal = new Set(['FATAL', 'PANIC'])
/** What the drivers say of a connection that they lost, or never had. */
const lostConnection =
  /^(?:CONNECTION_(?:CLOSED|ENDED|DESTROYED)|CONNECT_TIMEOUT|SASL_|ERR_(?:TLS|SSL|SOCKET)_)/
/** The system's: of the network, and of a machine that has run out of something. */
const exhausted = new Set(['ENOSPC', 'EDQUOT', 'EROFS', 'EMFILE', 'ENFILE', 'ENOMEM', 'ENOBUFS'])
const network =
  /^E(?:CONN(?:REFUSED|RESET|ABORTED)|HOST(?:UNREACH|DOWN)|NET(?:UNREACH|DOWN|RESET)|NOTFOUND|AI_\w+|PIPE|TIMEDOUT|NOTCONN|ADDRNOTAVAIL)$/
/** A socket's path that is not there has the code of a missing file. */
const connecting = new Set(['connect', 'getaddrinfo'])
const redisAway =
  /^(?:Connection is closed|Command timed out|Stream isn't writeable|Reached the max retries|(?:LOADING|READONLY|MASTERDOWN|MISCONF|OOM|BUSY|CLUSTERDOWN|TRYAGAIN|NOREPLICAS|NOAUTH|WRONGPASS) )/

interface Thrown {
  code?: string
  message?: string
  syscall?: string
  /** Of PostgreSQL's errors: after a fatal one there is no connection, whatever its code. */
  severity?: string
  status?: number
  type?: string
}

/** That something is away on which the service stands, and that it is worth coming again. */
function isAway({ code = '', message = '', syscall = '', severity = '' }: Thrown): boolean {
  return (
    [passingState, lostConnection, network].some((kind) => kind.test(code)) ||
    fatal.has(severity) ||
    exhausted.has(code) ||
    connecting.has(syscall) ||
    redisAway.test(message)
  )
}

/** Input that passed the schema and that PostgreSQL cannot store all the same. */
const unstorable = new Set(['22021', '22P02', '22P05', '22003', '22007', '22008'])

/** Whatever a handler threw, as the problem that the caller is told. */
export function problemOf(error: unknown): Problem {
  if (error instanceof Problem) return error
  const thrown = error as Thrown
  const { code, status, type } = thrown
  if (code && unstorable.has(code)) return invalid('The input holds a value that cannot be stored.')
  // What carries a status is of the caller's connection, and not of ours.
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

export const nothingHere: RequestHandler = () => {
  throw notFound()
}

/** The one place where an error becomes an answer of the API. */
export const answerProblem: ErrorRequestHandler = (error, req, res, _next) => {
  const problem = problemOf(error)
  if (problem.status >= 500)
    log.error({ err: error, requestId: res.locals.requestId, path: req.path }, problem.code)
  // Half an answer, as of a stream: who was getting it sees it cut off, and comes back.
  if (res.headersSent) return void res.destroy()
  if (problem.retryAfter) res.set('Retry-After', String(problem.retryAfter))
  res.status(problem.status).type('application/problem+json').send(JSON.stringify(problem.body()))
}
