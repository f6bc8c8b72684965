import { createWriteStream } from 'node:fs'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { Busboy, type BusboyHeaders, type BusboyInstance, type Dicer } from '@fastify/busboy'
import type { Request } from 'express'
import { config } from '../config.ts'
import { invalid, Problem } from '../web/problem.ts'
import { encodedName, plainName } from './sent-name.ts'

/** The most that multipart adds to the file itself. Bytes. */
const maxOverheadBytes = 64 * 1024
/** How long a refused client may go on sending: browsers read the answer only when they have sent everything. */
const maxDrainMs = 10_000

export interface Received {
  /** As sent, not to be trusted. */
  filename: string
  size: number
}

/**
 * Streams the one file of a multipart request into `path`, and never holds it in memory.
 * @throws Problem 400 when the body is not a single non-empty file in the field `file`, or the client hangs up;
 * 413 as soon as it is too large; 415 when it is not multipart
 */
export async function receiveFile(req: Request, path: string): Promise<Received> {
  if (!req.is('multipart/form-data'))
    throw new Problem(415, 'unsupported_media_type', 'The body must be multipart/form-data.')
  try {
    if (Number(req.get('content-length')) > config.uploadMaxBytes + maxOverheadBytes) throw tooLarge()
    return await receivePart(req, path)
  } finally {
    if (!req.readableEnded) drainRest(req)
  }
}

/** @returns also the part's encoded name, known once its headers are read */
function openParser(req: Request): { parser: BusboyInstance; encoded: () => string | undefined } {
  let name: string | undefined
  try {
    const parser = new Busboy({
      headers: req.headers as BusboyHeaders,
      limits: { fileSize: config.uploadMaxBytes, parts: 1, headerPairs: 20, headerSize: 16 * 1024 },
      isPartAFile: (_field, type, filename) =>
        type === 'application/octet-stream' || (filename ?? name) !== undefined,
    })
    onDisposition(parser, (disposition) => {
      name = encodedName(disposition)
    })
    return { parser, encoded: () => name }
  } catch {
    throw invalid('The multipart body has no valid boundary.')
  }
}

/** Busboy ignores `filename*` and does not expose part headers, so they are read from its parser. */
function onDisposition(parser: BusboyInstance, read: (disposition: string) => void): void {
  const { parser: source } = (parser as unknown as { _parser: { parser: Dicer } })._parser
  source.prependListener('part', (part) => {
    part.prependListener('header', (head: { 'content-disposition'?: string[] }) =>
      read(head['content-disposition']?.[0] ?? ''),
    )
  })
}

/** Settles when the file is written, something is invalid, or the client is gone, whichever comes first. */
async function receivePart(req: Request, path: string): Promise<Received> {
  const { parser, encoded } = openParser(req)
  const { promise, resolve, reject } = Promise.withResolvers<Received>()
  const oneFile = () =>
    reject(invalid('The body must contain exactly one file, in the field "file", and nothing else.'))
  const ending = new AbortController()
  let written: Promise<Received> | undefined

  parser.on('file', (field, stream, filename) => {
    stream.once('limit', () => reject(tooLarge()))
    if (field !== 'file') oneFile()
    written = writePart(stream, encoded() ?? plainName(filename ?? ''), path, ending.signal)
    written.catch(reject)
  })
  for (const event of ['field', 'partsLimit', 'filesLimit']) parser.on(event, oneFile)
  parser.on('finish', () => (written ? resolve(written) : oneFile()))
  parser.on('error', () => reject(invalid('The multipart body is malformed.')))
  req.once('close', () => req.complete || reject(invalid('The upload was interrupted.')))
  req.pipe(parser)
  try {
    return await promise
  } finally {
    req.unpipe(parser)
    ending.abort()
    // The caller may remove the file only once it is closed.
    await written?.catch(() => {})
  }
}

async function writePart(
  part: Readable,
  filename: string,
  path: string,
  signal: AbortSignal,
): Promise<Received> {
  const file = createWriteStream(path, { flags: 'wx' })
  await pipeline(part, file, { signal })
  if (file.bytesWritten === 0) throw invalid('The file is empty.')
  return { filename, size: file.bytesWritten }
}

function drainRest(req: Request): void {
  req.resume()
  const cut = setTimeout(() => req.destroy(), maxDrainMs)
  req.once('close', () => clearTimeout(cut))
}

const tooLarge = () =>
  new Problem(413, 'payload_too_large', `A file can have at most ${config.uploadMaxBytes} bytes.`)
