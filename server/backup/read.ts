import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { pipeline } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { createZstdDecompress } from 'node:zlib'
import { extract } from 'tar-stream'
import { Stop } from '../terminal/stop.ts'
import { type End, endName, format, headOf, type Manifest, manifestName } from './archive.ts'
import { isSealed, unseal } from './seal.ts'

export interface Entry {
  name: string
  size: number
  content: AsyncIterable<Buffer>
}

export interface Contents {
  manifest: Manifest
  end: End
}

/** What came of an entry; `enough` ends the reading. */
type Visit = (entry: Entry, manifest: Manifest) => Promise<'enough' | undefined>

/** An error of whoever visits, not of the archive. */
class Visited extends Error {}

/**
 * Reads a backup from front to back. What a visitor leaves of an entry is skipped.
 * @returns undefined when a visitor had enough
 * @throws Stop when it is not a backup, not whole, changed, encrypted with another passphrase, or of a newer version
 */
export async function readArchive(
  path: string,
  passphrase: string | undefined,
  visit: Visit = async () => undefined,
): Promise<Contents | undefined> {
  const source = await openArchive(path, passphrase)
  try {
    return await readEntries(source, visit)
  } catch (error) {
    if (error instanceof Visited) throw error.cause
    if (error instanceof Stop) throw new Stop(`${path}: ${error.message}`)
    throw new Stop(`${path} is damaged or not whole: ${(error as Error).message}`)
  } finally {
    source.destroy()
  }
}

async function openArchive(path: string, passphrase: string | undefined) {
  const sealed = await isSealed(path).catch((error: NodeJS.ErrnoException) => {
    throw new Stop(`${path} cannot be read: ${error.code}`)
  })
  if (sealed && !passphrase)
    throw new Stop(`${path} is encrypted: set BACKUP_PASSPHRASE, or use --passphrase-file`)
  const entries = extract()
  const file = createReadStream(path, { highWaterMark: 256 * 1024 })
  const done = (error?: Error | null) => error && entries.destroy(error)
  if (sealed) pipeline(file, unseal(passphrase!), createZstdDecompress(), entries, done)
  else pipeline(file, createZstdDecompress(), entries, done)
  return entries
}

async function readEntries(source: ReturnType<typeof extract>, visit: Visit): Promise<Contents | undefined> {
  const hash = createHash('sha256')
  let manifest: Manifest | undefined
  let end: End | undefined
  for await (const entry of source) {
    const name = entry.header.name
    const size = entry.header.size ?? 0
    if (name === endName) {
      end = readEnd(await buffer(entry), hash.digest('hex'))
      continue
    }
    hash.update(headOf(name, size))
    const content = hashed(entry as AsyncIterable<Buffer>, hash)
    if (name === manifestName) manifest = readManifest(Buffer.concat(await Array.fromAsync(content)))
    else if ((await visitOne(visit, { name, size, content }, known(manifest))) === 'enough') return undefined
    for await (const _ of content);
  }
  if (!end) throw new Error('its end is missing')
  return { manifest: known(manifest), end }
}

function visitOne(visit: Visit, entry: Entry, manifest: Manifest) {
  return visit(entry, manifest).catch((cause) => {
    throw new Visited('visited', { cause })
  })
}

async function* hashed(source: AsyncIterable<Buffer>, hash: ReturnType<typeof createHash>) {
  for await (const piece of source) {
    hash.update(piece)
    yield piece
  }
}

function known(manifest: Manifest | undefined): Manifest {
  if (!manifest) throw new Stop('this is not a backup of Rozmowa')
  return manifest
}

function readManifest(content: Buffer): Manifest {
  const manifest = JSON.parse(content.toString()) as Manifest
  if (manifest.format > format)
    throw new Stop('it was made by a newer version of Rozmowa: restore it with that one')
  return manifest
}

function readEnd(content: Buffer, sha256: string): End {
  const end = JSON.parse(content.toString()) as End
  if (end.sha256 !== sha256) throw new Error('its checksum differs')
  return end
}
