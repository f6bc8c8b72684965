import { extname } from 'node:path'
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'
import { Router } from 'express'
import { bundled } from './bundle-cache.ts'

type Encoding = 'br' | 'gzip'

interface Asset {
  type: string
  plain: Buffer
  /** Compressed when first asked for: a worker that takes a fallen one's place should serve soon. */
  compressed: Map<Encoding, Promise<Buffer>>
}

export interface Assets {
  /** By the file's name in the address. */
  files: Map<string, Asset>
  /** From the plain name, such as `main.js`, to the one with the content's hash. */
  names: Map<string, string>
  /** The parts that a script, by its plain name, cannot begin without. */
  parts: Map<string, string[]>
}

const types: Record<string, string> = {
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
}

let built: Assets | undefined

/** Readies what `public/` holds, in memory. Every worker does it for itself: names come from the content. */
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

/** An asset as a browser takes it. */
export function compressed({ plain, compressed }: Asset, encoding: Encoding): Promise<Buffer> {
  const known = compressed.get(encoding)
  if (known) return known
  // The best there is: once for a worker's life, and beside what it does.
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
    throw new Error(`There is no asset "${name}"; buildAssets() knows: ${[...(built?.names.keys() ?? [])]}`)
  return `/assets/${hashed}`
}

/** The addresses of what a script imports, so that the browser need not read it first to find out. */
export function partsOf(name: string): string[] {
  return (built?.parts.get(name) ?? []).map((part) => `/assets/${part}`)
}

/** GET /assets/:name, compressed as the browser takes it; a name never changes its content. */
export const assetsRouter = Router()

assetsRouter.get('/assets/:name', async (req, res, next) => {
  const found = built?.files.get(req.params.name)
  if (!found) return next()
  // Asked one by one: browsers name gzip first, without meaning it.
  const encoding = (['br', 'gzip'] as const).find((each) => req.acceptsEncodings(each))
  res.set({
    'Content-Type': found.type,
    'Cache-Control': 'public, max-age=31536000, immutable',
    Vary: 'Accept-Encoding',
  })
  if (encoding) res.set('Content-Encoding', encoding).end(await compressed(found, encoding))
  else res.end(found.plain)
})
