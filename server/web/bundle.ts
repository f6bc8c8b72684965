import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { BuildOptions, Plugin } from 'esbuild'
import { templatePlugin } from './template-plugin.ts'

export interface Bundle {
  /** Contents, all of them text, by the file name in the URL. */
  files: Record<string, string>
  /** From the plain name, such as `main.js`, to the one with the content's hash. */
  names: Record<string, string>
  /** The chunks that a script, by its plain name, needs to start. */
  parts: Record<string, string[]>
}

export const root = join(import.meta.dirname, '../..')
const entryPoints = [
  'public/boot.ts',
  'public/main.ts',
  'public/printed.ts',
  'public/styles/main.css',
  'public/styles/scriptless.css',
  'public/styles/directory.css',
  'views/texts/pl.json',
  'views/texts/en.json',
]
const images = ['icons.svg', 'favicon.svg', 'favicon-unread.svg']
/** What the bundle depends on besides esbuild's inputs: how it is built, and the packages that build it. */
const recipe = [
  'server/web/bundle.ts',
  'server/web/template-plugin.ts',
  'views/words.ts',
  'package.json',
  'tsconfig.json',
  'public/tsconfig.json',
]

const shared = {
  absWorkingDir: root,
  bundle: true,
  target: ['chrome120', 'firefox121', 'safari17'],
  minify: true,
  write: false,
  metafile: true,
  legalComments: 'none',
  // Polish texts and emoji would be half as large again when escaped.
  charset: 'utf8',
} as const satisfies BuildOptions

/** Bundles what `public/` holds. @returns the bundle, and the paths of its inputs, relative to `root` */
export async function makeBundle(): Promise<{ bundle: Bundle; inputs: string[] }> {
  // Loaded only here: a cached bundle does not need it.
  const { build, stop } = await import('esbuild')
  const { outputFiles, metafile } = await build({
    ...shared,
    entryPoints,
    outdir: '/assets',
    entryNames: '[name]-[hash]',
    chunkNames: 'part-[hash]',
    splitting: true,
    format: 'esm',
    plugins: [templatePlugin, cataloguePlugin],
  })
  const bundle: Bundle = { files: {}, names: {}, parts: {} }
  for (const { path, text } of outputFiles) bundle.files[nameOf(path)] = text
  for (const [path, { entryPoint, imports }] of Object.entries(metafile.outputs)) {
    if (!entryPoint) continue
    const name = nameOf(entryPoint).replace(/\.(ts|json)$/, '.js')
    const needed = imports.filter(({ kind }) => kind === 'import-statement')
    bundle.names[name] = nameOf(path)
    bundle.parts[name] = needed.map((part) => nameOf(part.path))
  }
  for (const image of images) await addImage(bundle, image)
  const ofWorker = await addWorker(bundle, build)
  // Otherwise esbuild's process would stay, with 80 MB of memory.
  await stop()
  const pictures = images.map((name) => `public/${name}`)
  return { bundle, inputs: [...Object.keys(metafile.inputs), ...ofWorker, ...pictures, ...recipe] }
}

/** The service worker, in one piece: it knows the names of all other files. @returns the paths of its inputs */
async function addWorker(bundle: Bundle, build: typeof import('esbuild').build): Promise<string[]> {
  const assets = JSON.stringify(Object.keys(bundle.files).map((name) => `/assets/${name}`))
  const { outputFiles, metafile } = await build({
    ...shared,
    entryPoints: ['public/service-worker/main.ts'],
    outdir: '/',
    format: 'iife',
    banner: { js: `const ASSETS=${assets},VERSION='${hashOf(assets)}';` },
    // Workbox would otherwise talk in the console.
    define: { 'process.env.NODE_ENV': '"production"' },
  })
  add(bundle, 'sw.js', outputFiles[0]!.text)
  return Object.keys(metafile.inputs)
}

/** Keys of texts that only the server writes. */
const ofScriptlessPages = /^(directory|error|profile|register|sign_in)\./

/** Each page is in one language, and loads the texts of that alone. */
const cataloguePlugin: Plugin = {
  name: 'catalogues',
  setup(build) {
    build.onResolve({ filter: /\/catalogues\.ts$/ }, () => ({ path: join(root, 'public/catalogues.ts') }))
    // As one object: esbuild would also export each text by its name.
    build.onLoad({ filter: /\/texts\/\w+\.json$/ }, async ({ path }) => {
      const texts: [string, string][] = Object.entries(JSON.parse(await readFile(path, 'utf8')))
      const needed = Object.fromEntries(texts.filter(([key]) => !ofScriptlessPages.test(key)))
      return { contents: `export default ${JSON.stringify(needed)}`, loader: 'js' }
    })
  },
}

async function addImage(bundle: Bundle, image: string): Promise<void> {
  add(bundle, image, await readFile(join(root, 'public', image), 'utf8'))
}

function add(bundle: Bundle, plainName: string, content: string): void {
  const name = plainName.replace('.', `-${hashOf(content)}.`)
  bundle.names[plainName] = name
  bundle.files[name] = content
}

const nameOf = (path: string) => path.slice(path.lastIndexOf('/') + 1)
const hashOf = (content: string) =>
  createHash('sha256').update(content).digest('hex').slice(0, 8).toUpperCase()
