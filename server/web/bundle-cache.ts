import { createHash } from 'node:crypto'
import { mkdir, readFile, rename, stat, writeFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { type Bundle, makeBundle, root } from './bundle.ts'

interface Kept {
  inputs: string[]
  /** A digest of the inputs' paths and contents. */
  digest: string
  bundle: Bundle
}

const beside = join(root, 'node_modules/.cache/bundle.json')

/**
 * The bundle of an earlier start, as long as its inputs are unchanged; else a new one, kept for the next start.
 * @param path the file it is kept in
 */
export async function bundled(path = beside, make = makeBundle): Promise<Bundle> {
  const kept = await read(path)
  if (kept && kept.digest === (await digestOf(kept.inputs).catch(() => ''))) return kept.bundle
  const begun = Date.now()
  const { bundle, inputs } = await make()
  const digest = await digestOf(inputs)
  // A file saved meanwhile may be in the digest but not in the bundle.
  if (await areOlder(inputs, begun)) await keep(path, { inputs, digest, bundle })
  return bundle
}

async function digestOf(inputs: string[]): Promise<string> {
  const contents = await Promise.all(inputs.map((input) => readFile(resolve(root, input))))
  const digest = createHash('sha256')
  for (const [i, content] of contents.entries())
    digest.update(`${inputs[i]} ${content.length}\n`).update(content)
  return digest.digest('hex')
}

async function areOlder(inputs: string[], time: number): Promise<boolean> {
  const stats = await Promise.all(inputs.map((input) => stat(resolve(root, input))))
  return stats.every(({ mtimeMs }) => mtimeMs < time)
}

const read = (path: string): Promise<Kept | undefined> =>
  readFile(path, 'utf8')
    .then(JSON.parse)
    .catch(() => undefined)

/** Best effort: an installation may be read-only. Renamed into place, as others read it meanwhile. */
async function keep(path: string, kept: Kept): Promise<void> {
  const unfinished = `${path}.${process.pid}`
  await mkdir(dirname(path), { recursive: true })
    .then(() => writeFile(unfinished, JSON.stringify(kept)))
    .then(() => rename(unfinished, path))
    .catch(() => {})
}
