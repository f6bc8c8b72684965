import type { IncomingMessage } from 'node:http'
import { decoded } from './decode.ts'
import { checkUrl, Refused, type Resolve } from './guard.ts'
import { requestGuarded, within } from './request.ts'

const maxRedirects = 5
const redirects = new Set([301, 302, 303, 307, 308])

export interface Wanted {
  type: RegExp
  accept: string
  /** The size of the body after decompression. */
  maxBytes: number
  /** Whether a longer body is cut off rather than refused. */
  mayBeCut?: boolean
  /** For everything together: lookups, redirects, body. */
  milliseconds: number
  /** Replaces the system's resolver. */
  resolve?: Resolve | undefined
}

export interface Fetched {
  /** The URL after redirects. */
  url: URL
  /** The content type with its parameters. */
  type: string
  body: Buffer
}

/**
 * Fetches from an untrusted server: without cookies or credentials, through no proxy, with a new connection for each hop,
 * and only from addresses of the public Internet.
 * @throws Refused, or the connection's error
 */
export const fetchGuarded = (address: string, wanted: Wanted): Promise<Fetched> =>
  within(wanted.milliseconds, (signal) => follow(checkUrl(address), wanted, signal))

async function follow(start: URL, wanted: Wanted, signal: AbortSignal): Promise<Fetched> {
  let url = start
  for (let hops = 0; hops <= maxRedirects; hops++) {
    const answer = await ask(url, wanted, signal)
    try {
      const { statusCode = 0, headers } = answer
      if (!redirects.has(statusCode)) return await take(url, answer, wanted)
      if (!headers.location) throw new Refused('a redirect to nowhere')
      url = checkUrl(headers.location, url)
    } finally {
      answer.destroy()
    }
  }
  throw new Refused('too many redirects')
}

const ask = (url: URL, { accept, resolve }: Wanted, signal: AbortSignal): Promise<IncomingMessage> =>
  requestGuarded(
    url,
    {
      resolve,
      headers: {
        'user-agent': 'RozmowaLinkPreview/1.0',
        accept,
        'accept-encoding': 'gzip, deflate, br, zstd',
        'accept-language': 'pl, en;q=0.8',
      },
    },
    signal,
  )

async function take(url: URL, answer: IncomingMessage, wanted: Wanted): Promise<Fetched> {
  const { statusCode, headers } = answer
  const type = headers['content-type'] ?? ''
  if (statusCode !== 200) throw new Refused(`an answer of ${statusCode}`)
  if (!wanted.type.test(type)) throw new Refused(`a content of type ${type.slice(0, 100)}`)
  if (!wanted.mayBeCut && Number(headers['content-length']) > wanted.maxBytes) throw new Refused('too large')
  return { url, type, body: await read(answer, wanted) }
}

/** Reads no more than is wanted: decompression waits for the reader, so a bomb stays compressed. */
async function read(answer: IncomingMessage, { maxBytes, mayBeCut }: Wanted): Promise<Buffer> {
  const pieces: Buffer[] = []
  let size = 0
  for await (const piece of (await decoded(answer)) as AsyncIterable<Buffer>) {
    pieces.push(piece)
    size += piece.length
    if (size <= maxBytes) continue
    if (!mayBeCut) throw new Refused('too large')
    break
  }
  return Buffer.concat(pieces).subarray(0, maxBytes)
}
