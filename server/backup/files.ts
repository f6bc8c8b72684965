import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { type Kept, keptFiles, keptPictures, uploadsFolder } from '../attachments/storage.ts'
import type { Storage } from '../attachments/stored.ts'
import { filesFolder } from './archive.ts'
import type { Dump } from './dump.ts'
import type { Entry } from './read.ts'
import type { ArchiveWriter } from './write.ts'

type Kind = keyof Dump['files']

const places: Record<Kind, Kept> = { attachments: keptFiles, previews: keptPictures }

export interface Copied {
  files: number
  bytes: number
  missing: number
}

/** Writes down the files that the rows reference. */
export async function dumpFiles(files: Dump['files'], archive: ArchiveWriter): Promise<Copied> {
  const copied: Copied = { files: 0, bytes: 0, missing: 0 }
  for (const kind of Object.keys(places) as Kind[])
    for (const name of files[kind]) {
      const found = await openFile(places[kind], name)
      if (!found) {
        copied.missing++
        continue
      }
      await archive.addStream(`${filesFolder}${kind}/${name}`, found.size, found.content)
      copied.files++
      copied.bytes += found.size
    }
  return copied
}

/** Looks twice, as a file may move from one place to another meanwhile. */
async function openFile(
  { storage, held, trash }: Kept,
  name: string,
): Promise<{ size: number; content: Readable } | undefined> {
  for (const place of [storage, held, trash, storage, held, trash]) {
    const size = await place.size(name)
    if (size === undefined) continue
    const content = place.read(name)
    if (await isReadable(content)) return { size, content }
  }
  return undefined
}

/** @throws Error when it is there and cannot be read: a backup without it would pass for a whole one */
const isReadable = (content: Readable): Promise<boolean> =>
  once(content, 'readable').then(
    () => true,
    (error: NodeJS.ErrnoException & { cause?: Error }) => {
      if (error.code === 'ENOENT' || error.cause?.name === 'NoSuchKey') return false
      throw error
    },
  )

/** Files of a backup that are being put in place. */
export class Placed {
  readonly #added: [Storage, string][] = []
  files = 0

  /** Puts a file where it belongs, unless it is there already. @throws Error for a name that is none of ours */
  async place({ name: entry, size, content }: Entry): Promise<void> {
    const [, kind, name] = /^files\/(\w+)\/([^/]+)$/.exec(entry) ?? []
    const place = places[kind as Kind]?.storage
    if (!place || !name || /^\.*$/.test(name)) throw new Error(`there is no place for ${entry}`)
    this.files++
    if ((await place.size(name)) === size) return
    const received = join(uploadsFolder, randomUUID())
    await mkdir(uploadsFolder, { recursive: true, mode: 0o700 })
    try {
      await pipeline(content, createWriteStream(received, { mode: 0o600 }))
      this.#added.push([place, name])
      await place.put(received, name)
    } finally {
      await rm(received, { force: true })
    }
  }

  /** Removes what was not there before. */
  async undo(): Promise<void> {
    for (const [place, name] of this.#added) await place.remove(name)
  }
}
