import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http'
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https'
import { decoded } from './decode.ts'
import { checkUrl, guardedLookup, hostOf, Refused, type Resolve } from './guard.ts'

const maxRedirects = 5
const maxHeaderBytes = 16 * 1024
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
export async function fetchGuarded(address: string, wanted: Wanted): Promise<Fetched> {
  // Not AbortSignal.timeout: its timer neither keeps the process alive nor ends with the request.
  const deadline = new AbortController()
  const timer = setTimeout(() => deadline.abort(new Refused('too slow')), wanted.milliseconds)
  try {
    return await follow(checkUrl(address), wanted, deadline.signal)
  } finally {
    clearTimeout(timer)
    deadline.abort()
  }
}

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

function ask(url: URL, { accept, resolve }: Wanted, signal: AbortSignal): Promise<IncomingMessage> {
  const isSecure = url.protocol === 'https:'
  return new Promise((answered, failed) => {
    const sent = (isSecure ? httpsRequest : httpRequest)({
      host: hostOf(url),
      port: url.port || (isSecure ? 443 : 80),
      path: url.pathname + url.search,
      // A new agent: no connection is kept open, and the environment's proxies are ignored.
      agent: new (isSecure ? HttpsAgent : HttpAgent)({ keepAlive: false, maxSockets: 1 }),
      lookup: guardedLookup(url, resolve),
      maxHeaderSize: maxHeaderBytes,
      headers: {
        host: url.host,
        'user-agent': 'RozmowaLinkPreview/1.0',
        accept,
        'accept-encoding': 'gzip, deflate, br, zstd',
        'accept-language': 'pl, en;q=0.8',
      },
    })
    // Not the option `signal`: an answer that has begun would end with an unhandled error.
    const stop = () => {
      failed(signal.reason)
      sent.destroy(signal.reason)
    }
    if (signal.aborted) return stop()
    signal.addEventListener('abort', stop, { once: true })
    sent.on('response', (answer) => {
      // A reader gets the error; without one it does not matter.
      answer.on('error', () => {})
      answered(answer)
    })
    sent.on('upgrade', (_answer, socket) => {
      socket.destroy()
      failed(new Refused('another protocol'))
    })
    sent.on('error', failed)
    sent.end()
  })
}

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
