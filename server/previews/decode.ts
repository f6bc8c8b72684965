import { once } from 'node:events'
import type { IncomingMessage } from 'node:http'
import { pipeline, type Readable } from 'node:stream'
import {
  constants,
  createBrotliDecompress,
  createGunzip,
  createInflate,
  createInflateRaw,
  createZstdDecompress,
} from 'node:zlib'
import { Refused } from './guard.ts'

/** As much as a server may ask of a browser (RFC 9659): 8 MiB. */
const zstdWindow = { params: { [constants.ZSTD_d_windowLogMax]: 23 } }

const decoders = {
  gzip: createGunzip,
  'x-gzip': createGunzip,
  deflate: createInflate,
  br: createBrotliDecompress,
  zstd: () => createZstdDecompress(zstdWindow),
}

/**
 * The body of an answer without its compression.
 * @throws Refused when it was compressed in a way that was not asked for
 */
export async function decoded(answer: IncomingMessage): Promise<Readable> {
  const encoding = (answer.headers['content-encoding'] ?? 'identity').trim().toLowerCase()
  if (encoding === 'identity' || encoding === '') return answer
  if (!Object.hasOwn(decoders, encoding)) throw new Refused('an encoding that was not asked for')
  const isRaw = encoding === 'deflate' && !(await startsLikeZlib(answer))
  const decoder = isRaw ? createInflateRaw() : decoders[encoding as keyof typeof decoders]()
  // How it ended is told by reading it.
  return pipeline(answer, decoder, () => {})
}

/** By the standard `deflate` is zlib's format; some servers leave out its header, and browsers take that too. */
async function startsLikeZlib(answer: IncomingMessage): Promise<boolean> {
  await once(answer, 'readable')
  const first: Buffer | null = answer.read(1)
  if (!first) return true
  answer.unshift(first)
  return (first[0]! & 0x0f) === 8
}
