import type { RequestHandler } from 'express'
import { config } from '../config.ts'
import { forbidden } from './problem.ts'
import { isWebSocket } from './upgrade.ts'

const reading = new Set(['GET', 'HEAD', 'OPTIONS'])

/**
 * Refuses writes, and WebSockets, that a browser marks as coming from another site. A sibling subdomain counts as another site:
 * `SameSite=Lax` would let it pass. Requests with neither header come from programs, and pass.
 */
export const sameSite: RequestHandler = (req, _res, next) => {
  if (reading.has(req.method) && !isWebSocket(req)) return next()
  const site = req.get('sec-fetch-site')
  const origin = req.get('origin')
  const foreign = site
    ? site !== 'same-origin' && site !== 'none'
    : origin !== undefined && !isOurs(origin, req.get('host'))
  if (foreign) throw forbidden('Write requests from another site are refused.', 'cross_site')
  next()
}

function isOurs(origin: string, host: string | undefined): boolean {
  return URL.parse(origin)?.host === host || origin === URL.parse(config.baseUrl)?.origin
}
