import { open } from 'node:fs/promises'
import { Stop } from '../terminal/stop.ts'

type Bytes = AsyncIterable<Uint8Array>

const magic = 'age-encryption.org/'

/** Encrypts in pieces of 64 KiB, each with its place and the last as the last: none is changed, moved or left out. */
export function seal(passphrase: string): (source: Bytes) => Bytes {
  return async function* (source) {
    const { Encrypter } = await import('age-encryption')
    const encrypter = new Encrypter()
    encrypter.setPassphrase(passphrase)
    yield* await encrypter.encrypt(streamOf(source))
  }
}

/** @throws Stop when the passphrase is another one */
export function unseal(passphrase: string): (source: Bytes) => Bytes {
  return async function* (source) {
    const { Decrypter } = await import('age-encryption')
    const decrypter = new Decrypter()
    decrypter.addPassphrase(passphrase)
    yield* await decrypter.decrypt(streamOf(source)).catch((error: Error) => {
      throw /no identity matched/.test(error.message) ? new Stop('the passphrase is another one') : error
    })
  }
}

const streamOf = (source: Bytes) => ReadableStream.from(source) as ReadableStream<Uint8Array>

/** Whether a file is encrypted; whatever its name says. @throws Error of the file system */
export async function isSealed(path: string): Promise<boolean> {
  const file = await open(path)
  try {
    const { buffer } = await file.read(Buffer.alloc(magic.length), 0, magic.length, 0)
    return buffer.toString('latin1') === magic
  } finally {
    await file.close()
  }
}
