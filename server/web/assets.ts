import { extname } from 'node:path'
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'
import { type Request, type Response, Router } from 'express'
import { bundled } from './bundle-cache.ts'

type Encoding = 'br' | 'gzip'

interface Asset {
  type: string
  plain: Buffer
  /** Compressed on first request, so that a worker that replaces a crashed one serves soon. */
  compressed: Map<Encoding, Promise<Buffer>>
}

export interface Assets {
  /** By the file name in the URL. */
  files: Map<string, Asset>
  /** From the plain name, such as `main.js`, to the one with the content's hash. */
  names: Map<string, string>
  /** The chunks that a script, by its plain name, needs to start. */
  parts: Map<string, string[]>
}

const types: Record<string, string> = {
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
}

let built: Assets | undefined

/** Loads the bundle of `public/` into memory. Every worker does so for itself: names are derived from the content. */
export async function buildAssets(): Promise<Assets> {
  const { files, names, parts } = await bundled()
  built = {
    files: new Map(Object.entries(files).map(([name, text]) => [name, assetOf(name, text)])),
    names: new Map(Object.entries(names)),
    parts: new Map(Object.entries(parts)),
  }
  return built
}

const assetOf = (name: string, text: string): Asset => ({
  type: types[extname(name)] ?? 'application/octet-stream',
  plain: Buffer.from(text),
  compressed: new Map(),
})

/** An asset in an encoding that the browser accepts. */
export function compressed({ plain, compressed }: Asset, encoding: Encoding): Promise<Buffer> {
  const known = compressed.get(encoding)
  if (known) return known
  // Best compression: done once in a worker's life, off the main thread.
  const quality = { params: { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY } }
  const made =
    encoding === 'br' ? promisify(brotliCompress)(plain, quality) : promisify(gzip)(plain, { level: 9 })
  compressed.set(encoding, made)
  return made
}

/** The address of an asset by its plain name. */
export function asset(name: string): string {
  const hashed = built?.names.get(name)
  if (!hashed)
    throw new Error(`There is no asset "${name}"; buildAssets() built: ${[...(built?.names.keys() ?? [])]}`)
  return `/assets/${hashed}`
}

/** The URLs of a script's imports, so that the browser can preload them. */
export function partsOf(name: string): string[] {
  return (built?.parts.get(name) ?? []).map((part) => `/assets/${part}`)
}

/** GET /assets/:name, compressed as the browser accepts; a name’s content never changes. */
export const assetsRouter = Router()

assetsRouter.get('/assets/:name', (req, res, next) => {
  const found = built?.files.get(req.params.name)
  if (!found) return next()
  res.set('Cache-Control', 'public, max-age=31536000, immutable')
  return answer(req, res, found)
})

/** GET /sw.js, the service worker: asked for again at every visit, and sent when it is another one. */
assetsRouter.get('/sw.js', (req, res, next) => {
  const name = built?.names.get('sw.js')
  if (!name) return next()
  const etag = `"${name}"`
  res.set({ 'Cache-Control': 'no-cache', ETag: etag })
  if (req.get('if-none-match') === etag) return res.status(304).end()
  return answer(req, res, built!.files.get(name)!)
})

async function answer(req: Request, res: Response, found: Asset): Promise<void> {
  // Checked one by one: browsers list gzip first without preferring it.
  const encoding = (['br', 'gzip'] as const).find((each) => req.acceptsEncodings(each))
  res.set({ 'Content-Type': found.type, Vary: 'Accept-Encoding' })
  if (encoding) res.set('Content-Encoding', encoding).end(await compressed(found, encoding))
  else res.end(found.plain)
}
