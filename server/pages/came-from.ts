import type { Request } from 'express'
import { safeNext } from './next.ts'

/** The page of ours with a link to this one, for “back” without scripts; else another one. @param otherwise its path */
export function cameFrom(req: Request, otherwise: string): string {
  const from = URL.parse(req.get('referer') ?? '')
  if (!from || from.host !== req.host) return otherwise
  const path = safeNext(from.pathname + from.search)
  return path?.startsWith('/wiadomosci') && path !== req.originalUrl ? path : otherwise
}
