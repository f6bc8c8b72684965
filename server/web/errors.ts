import type { ErrorRequestHandler, RequestHandler } from 'express'
import { log } from '../log.ts'
import { invalid, notFound, Problem, unavailable } from './problem.ts'

/** PostgreSQL's and Redis' ways of saying that they are away. */
const away = new Set([
  'CONNECTION_CLOSED',
  'CONNECTION_ENDED',
  'CONNECTION_DESTROYED',
  'CONNECT_TIMEOUT',
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOENT',
  'EPIPE',
  'ETIMEDOUT',
  '40P01', // lost a deadlock: rolled back, and free to come again
  '53100', // disk full
  '53300', // too many connections
  '57014', // statement timeout
  '57P01', // terminated by the administrator
  '57P02', // crash shutdown
  '57P03', // starting up
])
const redisAway = /^(Connection is closed|Command timed out|Stream isn't writeable|Reached the max retries)/

/** Input that passed the schema and that PostgreSQL cannot store all the same. */
const unstorable = new Set(['22021', '22P02', '22P05', '22003', '22007', '22008'])

/** Whatever a handler threw, as the problem that the caller is told. */
export function problemOf(error: unknown): Problem {
  if (error instanceof Problem) return error
  const { code, message, status, type } = error as {
    code?: string
    message?: string
    status?: number
    type?: string
  }
  if (code && unstorable.has(code)) return invalid('The input holds a value that cannot be stored.')
  if (code && away.has(code)) return unavailable()
  if (message && redisAway.test(message)) return unavailable()
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
