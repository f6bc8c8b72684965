import type { ErrorRequestHandler } from 'express'
import type { DataOf } from '../../views/templates.ts'
import { log } from '../log.ts'
import { problemOf } from '../web/errors.ts'
import { readerFor, render } from '../web/render.ts'
import { routeOf } from '../web/route-of.ts'

const kinds: Record<number, DataOf<'errors/error'>['kind']> = {
  403: 'forbidden',
  404: 'not_found',
  429: 'unavailable',
  503: 'unavailable',
}

/** Answers a browser's request for a page with an error page; others go on to the API's error handler. */
export const answerErrorPage: ErrorRequestHandler = (error, req, res, next) => {
  if (res.headersSent || req.path.startsWith('/api/') || req.accepts(['json', 'html']) !== 'html')
    return next(error)
  const problem = problemOf(error)
  if (problem.status >= 500) log.error({ err: error, route: routeOf(req) }, problem.code)
  if (problem.retryAfter) res.set('Retry-After', String(problem.retryAfter))
  const kind = kinds[problem.status] ?? (problem.status < 500 ? 'forbidden' : 'server')
  res.status(problem.status).send(render('errors/error', readerFor(req), { kind }))
}
