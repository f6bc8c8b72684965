import type { RequestHandler } from 'express'

/** Belongs before an endpoint that takes a file: a multipart body is streamed by the handler, not parsed as JSON. */
export const leaveBody: RequestHandler = (req, _res, next) => {
  if (req.is('multipart/form-data')) req.body = {}
  next()
}
