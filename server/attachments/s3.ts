import { createReadStream } from 'node:fs'
import { rm, stat } from 'node:fs/promises'
import { Readable } from 'node:stream'
import type { FilesUrl } from '../settings/files-url.ts'
import { type Opened, openBucket } from './bucket.ts'
import type { Range, Storage } from './stored.ts'

const mebibyte = 1024 * 1024
/** A file in more parts than this is refused. */
const maxParts = 10_000

/** Files in a bucket: the content goes through the service, which alone knows who may have it. */
export class S3Storage implements Storage {
  readonly #url: FilesUrl
  #opened: Promise<Opened> | undefined
  /** Of every key, with a slash at its end. */
  readonly #folder: string

  constructor(url: FilesUrl, path: string) {
    this.#url = url
    this.#folder = `${url.prefix}${path}/`
  }

  keyOf = (name: string) => this.#folder + name

  #ask<T>(ask: (opened: Opened) => Promise<T>): Promise<T> {
    this.#opened ??= openBucket(this.#url)
    return this.#opened.then(ask).catch(away)
  }

  async put(path: string, name: string): Promise<void> {
    const { size } = await stat(path)
    const { Upload } = await import('@aws-sdk/lib-storage')
    await this.#ask(({ client, Bucket }) =>
      new Upload({
        client,
        params: { Bucket, Key: this.keyOf(name), Body: createReadStream(path) },
        // Each part is held in memory, so that it can be sent again.
        partSize: Math.max(8 * mebibyte, Math.ceil(size / maxParts)),
        queueSize: 1,
      }).done(),
    )
    await rm(path)
  }

  size = (name: string) =>
    this.#ask(({ s3, client, Bucket }) =>
      client
        .send(new s3.HeadObjectCommand({ Bucket, Key: this.keyOf(name) }))
        .then(({ ContentLength }) => ContentLength, unlessMissing),
    )

  read = (name: string, range?: Range): Readable =>
    Readable.from(this.#content(name, range), { objectMode: false })

  async *#content(name: string, range?: Range) {
    const { Body } = await this.#ask(({ s3, client, Bucket }) =>
      client.send(
        new s3.GetObjectCommand({
          Bucket,
          Key: this.keyOf(name),
          ...(range && { Range: `bytes=${range.start}-${range.end}` }),
        }),
      ),
    )
    yield* Body as Readable
  }

  remove = (name: string) =>
    this.#ask(async ({ s3, client, Bucket }) => {
      await client.send(new s3.DeleteObjectCommand({ Bucket, Key: this.keyOf(name) }))
    })

  async moveTo(other: Storage, name: string): Promise<void> {
    const copied = await this.#ask(({ s3, client, Bucket }) =>
      client
        .send(
          new s3.CopyObjectCommand({
            Bucket,
            Key: (other as S3Storage).keyOf(name),
            CopySource: encodeURI(`${Bucket}/${this.keyOf(name)}`),
          }),
        )
        .then(() => true, unlessMissing),
    )
    if (copied) await this.remove(name)
  }

  async *olderThan(moment: number): AsyncIterable<string> {
    let from: string | undefined
    do {
      const page = await this.#ask(({ s3, client, Bucket }) =>
        client.send(new s3.ListObjectsV2Command({ Bucket, Prefix: this.#folder, ContinuationToken: from })),
      )
      for (const { Key, LastModified } of page.Contents ?? [])
        if (Key && LastModified && LastModified.getTime() < moment) yield Key.slice(this.#folder.length)
      from = page.NextContinuationToken
    } while (from)
  }
}

const missing = new Set(['NotFound', 'NoSuchKey'])

function unlessMissing(error: Error): undefined {
  if (!missing.has(error.name)) throw error
}

/** It may answer a moment later: members are asked to try again. */
function away(cause: Error & { code?: string }): never {
  throw Object.assign(new Error(`FILES_URL: ${cause.name}: ${cause.message}`, { cause }), {
    code: 'ENOTCONN',
  })
}
