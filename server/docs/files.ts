import { readFile } from 'node:fs/promises'
import { extname } from 'node:path'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
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

/** Of those that were asked for, compressed once: each time would keep a core busy for whoever asks. */
const compressed = new Map<string, Promise<Buffer>>()

const compress = async (file: URL) => promisify(gzip)(await readFile(file))

/** Everybody may load them, and they never change. */
export const file: RequestHandler<{ file: string }> = async (req, res, next) => {
  const found = files.get(req.params.file)
  if (!found) return next()
  res.type(extname(found.pathname)).set({ Vary: 'Accept-Encoding', 'Cache-Control': 'public, max-age=3600' })
  if (!req.acceptsEncodings('gzip')) return void res.sendFile(found.pathname)
  if (!compressed.has(req.params.file)) compressed.set(req.params.file, compress(found))
  res.set('Content-Encoding', 'gzip').send(await compressed.get(req.params.file))
}
