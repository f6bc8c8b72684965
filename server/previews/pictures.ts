import { randomUUID } from 'node:crypto'
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import pLimit from 'p-limit'
import { keptPictures, uploadsFolder } from '../attachments/storage.ts'
import { type Named, tidyFiles } from '../attachments/tidy.ts'
import { shrinkImage } from '../images/images.ts'
import { log } from '../log.ts'
import { addressOf, nameOf, pictures, unnamedPictures } from '../messages/link-preview.ts'
import { fetchGuarded } from './fetch.ts'
import type { Resolve } from './guard.ts'

/** Only one picture is decoded at a time, however many pages are read. */
const inTurn = pLimit(1)

export const namedPictures: Named = {
  what: 'pictures of previews',
  ...keptPictures,
  unnamed: async (names) => (await unnamedPictures(names.map(addressOf))).map(nameOf),
}

/**
 * Fetches a picture from an untrusted server.
 * @returns a small WebP made from it
 * @throws Refused, or the error of the connection or the decoder
 */
export async function fetchPicture(address: string, resolve?: Resolve): Promise<Buffer> {
  const { body } = await fetchGuarded(address, {
    // The decoder checks the content; many servers do not know its type.
    type: /^(?:image\/|(?:application|binary)\/(?:x-)?octet-stream\s*(?:;|$)|$)/i,
    accept: 'image/avif,image/webp,image/png,image/jpeg,image/gif',
    maxBytes: 5 * 1024 * 1024,
    milliseconds: 3000,
    resolve,
  })
  return inTurn(() => shrink(body))
}

async function shrink(picture: Buffer): Promise<Buffer> {
  const work = join(uploadsFolder, randomUUID())
  try {
    await mkdir(work, { recursive: true, mode: 0o700 })
    const [fetched, small] = [join(work, 'fetched'), join(work, 'small')]
    await writeFile(fetched, picture)
    await shrinkImage(fetched, small)
    return await readFile(small)
  } finally {
    await rm(work, { recursive: true, force: true })
  }
}

/** @returns the path at which we serve it; null when the disk is full */
export async function keepPicture(webp: Buffer): Promise<string | null> {
  const name = randomUUID()
  const received = join(uploadsFolder, name)
  try {
    await mkdir(uploadsFolder, { recursive: true, mode: 0o700 })
    await writeFile(received, webp)
    await pictures.put(received, name)
    return addressOf(name)
  } catch (error) {
    log.warn({ err: error }, 'a picture of a link preview could not be stored')
    await rm(received, { force: true })
    return null
  }
}

/** Discards pictures that no message shows, such as those left behind by a crash. */
export const tidyPictures = () => tidyFiles(namedPictures)
