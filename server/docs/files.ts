import { createReadStream } from 'node:fs'
import { extname } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { createGzip } from 'node:zlib'
import type { RequestHandler } from 'express'

/** What the page loads, by its name in the address. */
const files = new Map(
  [
    import.meta.resolve('swagger-ui-dist/swagger-ui-bundle.js'),
    import.meta.resolve('swagger-ui-dist/swagger-ui.css'),
    new URL('page/start.js', import.meta.url).href,
    new URL('page/page.css', import.meta.url).href,
  ].map((url) => [url.slice(url.lastIndexOf('/') + 1), new URL(url)]),
)

/** Read from the disk each time: it is rarely asked for, and would be megabytes in every worker. */
export const file: RequestHandler<{ file: string }> = async (req, res, next) => {
  const found = files.get(req.params.file)
  if (!found) return next()
  const isCompressed = Boolean(req.acceptsEncodings('gzip'))
  res.type(extname(found.pathname)).set({ Vary: 'Accept-Encoding', 'Cache-Control': 'public, max-age=3600' })
  if (isCompressed) res.set('Content-Encoding', 'gzip')
  const through = isCompressed ? [createGzip()] : []
  // Who leaves in the middle has an answer that ends there.
  await pipeline([createReadStream(found), ...through, res]).catch(() => res.destroy())
}
