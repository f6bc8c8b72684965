import { randomUUID } from 'node:crypto'
import type { RequestHandler } from 'express'
import { within } from '../context.ts'

const wellFormed = /^[\w.-]{8,64}$/

/**
 * Every answer carries `X-Request-Id`: the proxy's, if it sent one, or our own. So does every line that is logged for it.
 */
export const requestId: RequestHandler = (req, res, next) => {
  const given = req.get('x-request-id')
  const id = given && wellFormed.test(given) ? given : randomUUID()
  res.locals.requestId = id
  res.set('X-Request-Id', id)
  within({ requestId: id }, () => next())
}
