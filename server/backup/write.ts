import { createHash } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { open, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createZstdCompress } from 'node:zlib'
import { type Pack, pack } from 'tar-stream'
import { type End, endName, headOf } from './archive.ts'
import { seal } from './seal.ts'

/** The name of a backup that is being made: one that was cut short is never taken for a whole one. */
export const unfinishedOf = (path: string) => `${path}.unfinished`

/** Writes a backup from front to back, and never holds more of it than a piece. */
export class ArchiveWriter {
  readonly #path: string
  readonly #pack: Pack = pack()
  readonly #hash = createHash('sha256')
  readonly #written: Promise<void>

  constructor(path: string, passphrase: string | undefined) {
    this.#path = path
    const file = createWriteStream(unfinishedOf(path), { mode: 0o600, flush: true })
    const packed = Readable.from(this.#pack, { objectMode: false })
    this.#written = passphrase
      ? pipeline(packed, createZstdCompress(), seal(passphrase), file)
      : pipeline(packed, createZstdCompress(), file)
    // What is being added fails then, as nobody would take it any more.
    this.#written.catch((error: Error) => this.#pack.destroy(error))
  }

  add = (name: string, content: string | Buffer) =>
    this.addStream(name, Buffer.byteLength(content), Readable.from([Buffer.from(content)]))

  /** @throws Error when the stream has not as many bytes, or the backup cannot be written, as on a full disk */
  async addStream(name: string, size: number, content: Readable): Promise<void> {
    try {
      await this.#addEntry(name, size, content)
    } catch (error) {
      if (this.#pack.destroyed) await this.#written
      throw error
    }
  }

  async #addEntry(name: string, size: number, content: Readable): Promise<void> {
    const hash = this.#hash.update(headOf(name, size))
    const entry = this.#pack.entry({ name, size, mode: 0o600, mtime: new Date() })
    await pipeline(
      content,
      async function* (source: AsyncIterable<Buffer>) {
        for await (const piece of source) {
          hash.update(piece)
          yield piece
        }
      },
      entry,
    )
  }

  /** Gives the backup its name once all of it is on the disk. */
  async finish(end: Omit<End, 'sha256'>): Promise<void> {
    await this.add(endName, JSON.stringify({ ...end, sha256: this.#hash.copy().digest('hex') } satisfies End))
    this.#pack.finalize()
    await this.#written
    await rename(unfinishedOf(this.#path), this.#path)
    const folder = await open(dirname(this.#path))
    await folder.sync().finally(() => folder.close())
  }

  /** Leaves nothing behind. */
  async discard(): Promise<void> {
    this.#pack.destroy()
    await this.#written.catch(() => {})
    await rm(unfinishedOf(this.#path), { force: true })
  }
}
