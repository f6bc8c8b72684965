import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { extname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'
import { build, stop } from 'esbuild'
import { Router } from 'express'
import { templatePlugin } from './template-plugin.ts'

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

const folder = new URL('../../public/', import.meta.url)
const images = ['icons.svg', 'favicon.svg', 'favicon-unread.svg']
const types: Record<string, string> = {
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
}

let built: Assets | undefined

/** Bundles what `public/` holds, in memory. Every worker does it for itself: names come from the content. */
export async function buildAssets(): Promise<Assets> {
  const bundle = await build({
    entryPoints: ['main.ts', 'printed.ts', 'styles/main.css'].map((name) =>
      fileURLToPath(new URL(name, folder)),
    ),
    outdir: '/assets',
    entryNames: '[name]-[hash]',
    chunkNames: 'part-[hash]',
    bundle: true,
    splitting: true,
    format: 'esm',
    target: ['chrome120', 'firefox121', 'safari17'],
    minify: true,
    write: false,
    metafile: true,
    legalComments: 'none',
    // The texts are Polish and the emoji are emoji: escaped they would be half as large again.
    charset: 'utf8',
    plugins: [templatePlugin],
  })
  const names = new Map<string, string>()
  const parts = new Map<string, string[]>()
  for (const [path, { entryPoint, imports }] of Object.entries(bundle.metafile.outputs)) {
    if (!entryPoint) continue
    const name = nameOf(entryPoint).replace(/\.ts$/, '.js')
    const needed = imports.filter(({ kind }) => kind === 'import-statement')
    names.set(name, nameOf(path))
    parts.set(
      name,
      needed.map((part) => nameOf(part.path)),
    )
  }
  const contents = bundle.outputFiles.map((file) => [nameOf(file.path), Buffer.from(file.contents)] as const)
  const pictures = await Promise.all(
    images.map(async (image) => {
      const content = await readFile(new URL(image, folder))
      const name = image.replace('.', `-${hashOf(content)}.`)
      names.set(image, name)
      return [name, content] as const
    }),
  )
  const files = [...contents, ...pictures].map(([name, plain]) => [name, assetOf(name, plain)] as const)
  // Its process would stay, with 80 MB of memory.
  await stop()
  built = { files: new Map(files), names, parts }
  return built
}

const nameOf = (path: string) => path.slice(path.lastIndexOf('/') + 1)
const hashOf = (content: Buffer) =>
  createHash('sha256').update(content).digest('hex').slice(0, 8).toUpperCase()

const assetOf = (name: string, plain: Buffer): Asset => ({
  type: types[extname(name)] ?? 'application/octet-stream',
  plain,
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
