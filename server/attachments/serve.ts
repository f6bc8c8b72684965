import { pipeline } from 'node:stream/promises'
import { create as contentDisposition } from 'content-disposition'
import type { Request, Response } from 'express'
import { unlessHungUp } from '../web/hung-up.ts'
import { notFound, Problem } from '../web/problem.ts'
import { storage as attachments, type Range, type Storage } from './storage.ts'

export interface Served {
  /** In the storage. */
  name: string
  type: string
  filename: string
}

/**
 * Sends a file, whole or the one range that was asked for. Images, which we encoded ourselves, may be shown; all
 * else is only ever saved, and nothing runs in our origin should a browser open it all the same.
 *
 * A browser keeps it and asks each time whether it may still show it: a removed member, or a deleted message, is a
 * 404 then. What is kept without asking would outlive the right to see it.
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
    'Content-Security-Policy': "sandbox; default-src 'none'",
    'X-Content-Type-Options': 'nosniff',
    ...(range && { 'Content-Range': `bytes ${range.start}-${range.end}/${size}` }),
  })
  res.status(range ? 206 : 200)
  if (req.method === 'HEAD') return void res.end()
  // Who hangs up half-way, as players do at every jump, has all he wanted.
  await pipeline(storage.read(name, range), res).catch(unlessHungUp)
}

/** Undefined for all of it, which is also the answer to several ranges at once, and to one of an older content. */
function rangeOf(req: Request, res: Response, size: number): Range | undefined {
  const condition = req.get('if-range')
  if (condition && condition !== res.get('etag')) return undefined
  const ranges = req.range(size)
  if (ranges === -1) {
    res.set('Content-Range', `bytes */${size}`)
    throw new Problem(416, 'range_not_satisfiable', `The file has ${size} bytes.`)
  }
  return Array.isArray(ranges) && ranges.type === 'bytes' && ranges.length === 1 ? ranges[0] : undefined
}
