import { createWriteStream } from 'node:fs'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { Busboy, type BusboyHeaders, type BusboyInstance, type Dicer } from '@fastify/busboy'
import type { Request } from 'express'
import { config } from '../config.ts'
import { invalid, Problem } from '../web/problem.ts'
import { encodedName, plainName } from './sent-name.ts'

/** What multipart adds to the file itself, at most. Bytes. */
const wrapping = 64 * 1024
/** How long whoever was refused may go on sending, so that he reads why: browsers read only when they have sent. ms. */
const patience = 10_000

export interface Received {
  /** As it was sent: not to be trusted. */
  filename: string
  size: number
}

/**
 * Streams the one file of a multipart request into `path`, and never holds it in memory.
 * @throws Problem 400 when there is not exactly one part, a file `file` that is not empty, or the sender hangs up;
 * 413 as soon as it is too large; 415 when it is not multipart
 */
export async function receiveFile(req: Request, path: string): Promise<Received> {
  if (!req.is('multipart/form-data'))
    throw new Problem(415, 'unsupported_media_type', 'The body must be multipart/form-data.')
  try {
    if (Number(req.get('content-length')) > config.uploadMaxBytes + wrapping) throw tooLarge()
    return await receivePart(req, path)
  } finally {
    if (!req.readableEnded) leaveRest(req)
  }
}

/** Besides it, the name that the part has in an encoding of its own, once its head is read. */
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
    throw invalid('The multipart body has no boundary.')
  }
}

/** Busboy leaves `filename*` aside and passes no head on: it is read at the source, before Busboy reads it. */
function onDisposition(parser: BusboyInstance, read: (disposition: string) => void): void {
  const { parser: source } = (parser as unknown as { _parser: { parser: Dicer } })._parser
  source.prependListener('part', (part) => {
    part.prependListener('header', (head: { 'content-disposition'?: string[] }) =>
      read(head['content-disposition']?.[0] ?? ''),
    )
  })
}

/** Ends with the first of: all is read and written, something does not fit, the sender is gone. */
async function receivePart(req: Request, path: string): Promise<Received> {
  const { parser, encoded } = openParser(req)
  const { promise, resolve, reject } = Promise.withResolvers<Received>()
  const oneFile = () => reject(invalid('The body must hold one file, in the field "file", and nothing else.'))
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
  req.once('close', () => req.complete || reject(invalid('The upload was cut off.')))
  req.pipe(parser)
  try {
    return await promise
  } finally {
    req.unpipe(parser)
    ending.abort()
    // Not before the file is closed may it be removed.
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

function leaveRest(req: Request): void {
  req.resume()
  const cut = setTimeout(() => req.destroy(), patience)
  req.once('close', () => clearTimeout(cut))
}

const tooLarge = () =>
  new Problem(413, 'payload_too_large', `A file may have at most ${config.uploadMaxBytes} bytes.`)
