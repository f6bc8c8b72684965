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

/** The largest window a server may require of a browser (RFC 9659): 8 MiB. */
const zstdWindow = { params: { [constants.ZSTD_d_windowLogMax]: 23 } }

const decoders = {
  gzip: createGunzip,
  'x-gzip': createGunzip,
  deflate: createInflate,
  br: createBrotliDecompress,
  zstd: () => createZstdDecompress(zstdWindow),
}

/**
 * Decompresses the body of an answer.
 * @throws Refused for a compression that was not asked for
 */
export async function decoded(answer: IncomingMessage): Promise<Readable> {
  const encoding = (answer.headers['content-encoding'] ?? 'identity').trim().toLowerCase()
  if (encoding === 'identity' || encoding === '') return answer
  if (!Object.hasOwn(decoders, encoding)) throw new Refused('an encoding that was not asked for')
  const isRaw = encoding === 'deflate' && !(await startsLikeZlib(answer))
  const decoder = isRaw ? createInflateRaw() : decoders[encoding as keyof typeof decoders]()
  // Reading reports how it ended.
  return pipeline(answer, decoder, () => {})
}

/** `deflate` is zlib's format; some servers omit its header, which browsers accept too. */
async function startsLikeZlib(answer: IncomingMessage): Promise<boolean> {
  await once(answer, 'readable')
  const first: Buffer | null = answer.read(1)
  if (!first) return true
  answer.unshift(first)
  return (first[0]! & 0x0f) === 8
}
