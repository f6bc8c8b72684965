import { pipeline } from 'node:stream/promises'
import { create as contentDisposition } from 'content-disposition'
import type { Request, Response } from 'express'
import { unlessHungUp } from '../web/hung-up.ts'
import { notFound, Problem } from '../web/problem.ts'
import { forData } from '../web/security-headers.ts'
import { storage as attachments } from './storage.ts'
import type { Range, Storage } from './stored.ts'

export interface Served {
  /** The name in the storage. */
  name: string
  type: string
  filename: string
}

/**
 * Sends a file, whole or a single range. Images, which we encoded ourselves, may be shown; everything else is only
 * downloaded, and cannot run in our origin even if a browser opens it.
 *
 * Browsers cache it but revalidate each time: for a removed member, or a deleted message, that is a 404. A cache without
 * revalidation would outlive the right to see it.
 *
 * @throws Problem 404 when the storage has lost it, 416
 */
export async function serve(
  req: Request,
  res: Response,
  { name, type, filename }: Served,
  storage: Storage = attachments,
): Promise<void> {
  const size = await storage.size(name)
  if (size === undefined) throw notFound()
  res.set({
    'Cache-Control': 'private, no-cache',
    'Accept-Ranges': 'bytes',
    ETag: `"${name}"`,
  })
  if (req.fresh) return void res.status(304).end()
  const range = rangeOf(req, res, size)
  res.set({
    'Content-Type': type,
    'Content-Length': `${range ? range.end - range.start + 1 : size}`,
    'Content-Disposition': contentDisposition(filename, {
      type: type.startsWith('image/') ? 'inline' : 'attachment',
    }),
    'Content-Security-Policy': `sandbox; ${forData}`,
    'X-Content-Type-Options': 'nosniff',
    ...(range && { 'Content-Range': `bytes ${range.start}-${range.end}/${size}` }),
  })
  res.status(range ? 206 : 200)
  if (req.method === 'HEAD') return void res.end()
  // Players hang up half-way at every seek; that is not an error.
  await pipeline(storage.read(name, range), res).catch(unlessHungUp)
}

/** Undefined for the whole file, as for several ranges, or a range of an older version. */
function rangeOf(req: Request, res: Response, size: number): Range | undefined {
  const condition = req.get('if-range')
  if (condition && condition !== res.get('etag')) return undefined
  const ranges = req.range(size)
  if (ranges === -1) {
    res.set('Content-Range', `bytes */${size}`)
    throw new Problem(416, 'range_not_satisfiable', `The file has only ${size} bytes.`)
  }
  return Array.isArray(ranges) && ranges.type === 'bytes' && ranges.length === 1 ? ranges[0] : undefined
}
