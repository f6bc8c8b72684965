import { promisify } from 'node:util'
import { gunzip, gzip } from 'node:zlib'
import type { RequestHandler } from 'express'

/**
 * Answers with a JSON document that is made on the first request, and kept compressed.
 * @param make loads what it takes: at rest a worker holds none of it
 */
export function documentFrom(make: () => Promise<object>): RequestHandler {
  let made: Promise<Buffer> | undefined
  const keep = async () => promisify(gzip)(JSON.stringify(await make()))
  return async (req, res) => {
    made ??= keep().catch((error) => {
      made = undefined
      throw error
    })
    res.type('json').set({ Vary: 'Accept-Encoding', 'Cache-Control': 'no-cache' })
    if (req.acceptsEncodings('gzip')) res.set('Content-Encoding', 'gzip').end(await made)
    else res.end(await promisify(gunzip)(await made))
  }
}
