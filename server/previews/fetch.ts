import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http'
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https'
import { decoded } from './decode.ts'
import { checkUrl, guardedLookup, hostOf, Refused, type Resolve } from './guard.ts'

const maxRedirects = 5
const maxHeaderBytes = 16 * 1024
const redirects = new Set([301, 302, 303, 307, 308])

export interface Wanted {
  /** What the content type has to match. */
  type: RegExp
  accept: string
  /** Of the body, after decompression. */
  maxBytes: number
  /** A body that is longer is cut off there, and not refused. */
  mayBeCut?: boolean
  /** All of it together: look-ups, redirects, body. */
  milliseconds: number
  /** In place of the system's. */
  resolve?: Resolve | undefined
}

export interface Fetched {
  /** Where it was found in the end. */
  url: URL
  /** The content type with its parameters. */
  type: string
  body: Buffer
}

/**
 * Fetches what a stranger serves: without cookies or credentials, past no proxy, on a connection of its own for each
 * hop, and only from addresses of the public Internet.
 * @throws Refused, or whatever the connection met
 */
export async function fetchGuarded(address: string, wanted: Wanted): Promise<Fetched> {
  // Not AbortSignal.timeout: its timer would not hold the process, nor end with the request.
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
      // An agent of its own: nothing is kept open for another host, and none of the environment's proxies is heard.
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
    // Not by the option `signal`: an answer that has begun would end with an error that nobody listens for.
    const stop = () => {
      failed(signal.reason)
      sent.destroy(signal.reason)
    }
    if (signal.aborted) return stop()
    signal.addEventListener('abort', stop, { once: true })
    sent.on('response', (answer) => {
      // Who reads it is told; when nobody does, it is nobody's error.
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

/** Reads no more than is wanted: what is decompressed waits until it is read, so a bomb stays as small as it came. */
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
