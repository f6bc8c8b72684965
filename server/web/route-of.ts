import type { Request } from 'express'

/**
 * Which endpoint a request has met: `GET /api/messages/:id`. What stands in its address is not for logs: some links hold
 * a token.
 */
export const routeOf = ({ method, route }: Pick<Request, 'method' | 'route'>): string =>
  `${method} ${route?.path ?? 'none'}`
