import express, { type Request, Router } from 'express'
import { LRUCache } from 'lru-cache'
import { z } from 'zod'
import { log } from '../log.ts'
import { callerOf } from './caller.ts'
import { spend } from './limits.ts'
import { reportsPath } from './security-headers.ts'

/** Of one request; browsers put several together. */
const maxReports = 20
/** The same is said once in so long, however many browsers report it. */
const againMs = 10 * 60 * 1000
/** Different ones in that time: whoever makes them up shall not fill the log. */
const maxKinds = 50

const Directive = z.string().regex(/^[a-z-]{1,40}$/)
/** By `report-uri`. */
const Old = z.object({
  'csp-report': z.object({
    'effective-directive': Directive.optional(),
    'violated-directive': z.string().optional(),
    'blocked-uri': z.string().optional(),
    'document-uri': z.string().optional(),
  }),
})
/** By `report-to`. */
const New = z.object({
  type: z.literal('csp-violation'),
  body: z.object({
    effectiveDirective: Directive,
    blockedURL: z.string().optional(),
    documentURL: z.string().optional(),
  }),
})

interface Report {
  directive: string
  /** An origin, or a word such as `inline`. */
  blocked: string
  /** A path in which ids are not told. */
  page: string
}

const said = new LRUCache<string, true>({ max: maxKinds, ttl: againMs })

/**
 * POST /api/csp-reports, open to every browser: what a page was kept from doing is logged as a warning. Of what members
 * read and write a report may tell a lot; only directive, origin and kind of page are kept.
 */
export const cspReports = Router()

const types = ['application/csp-report', 'application/reports+json']
cspReports.post(reportsPath, express.json({ limit: '16kb', type: types, strict: true }), async (req, res) => {
  await spend('report', callerOf(req))
  for (const report of reportsOf(req)) tell(report)
  res.status(204).end()
})

function reportsOf(req: Request): Report[] {
  return [req.body]
    .flat()
    .slice(0, maxReports)
    .flatMap((given: unknown) => {
      const { data: old } = Old.safeParse(given)
      if (old) {
        const { 'csp-report': report } = old
        const [directive = 'unknown'] = [
          report['effective-directive'],
          wordOf(report['violated-directive']),
        ].filter(Boolean)
        return [{ directive, blocked: originOf(report['blocked-uri']), page: pageOf(report['document-uri']) }]
      }
      const { data: recent } = New.safeParse(given)
      if (!recent) return []
      const { effectiveDirective: directive, blockedURL, documentURL } = recent.body
      return [{ directive, blocked: originOf(blockedURL), page: pageOf(documentURL) }]
    })
}

const wordOf = (text = '') => /^[a-z-]{1,40}/.exec(text)?.[0]

/** Neither path nor query. */
function originOf(text = ''): string {
  const url = URL.parse(text)
  if (url && url.origin !== 'null') return url.origin.slice(0, 100)
  return /^[a-z-]{1,20}/.exec(text)?.[0] ?? 'unknown'
}

/** The first two words of the path, as long as they are ours: what follows may name somebody. */
function pageOf(text = ''): string {
  const path = URL.parse(text)?.pathname ?? ''
  const words = path.split('/').slice(1, 3)
  return `/${words.map((word) => (/^[a-z-]{1,30}$/.test(word) ? word : '…')).join('/')}`
}

function tell(report: Report): void {
  const key = JSON.stringify(report)
  if (said.has(key)) return
  // Full: until the oldest has been forgotten, nothing more is told.
  said.purgeStale()
  if (said.size >= maxKinds) return
  said.set(key, true)
  log.warn(report, 'a page was kept from something by its Content-Security-Policy')
}
