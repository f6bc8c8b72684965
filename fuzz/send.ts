import { type IncomingHttpHeaders, type IncomingMessage, request } from 'node:http'

export interface Sent {
  method: string
  /** As it stands in the address. */
  path: string
  headers: Record<string, string | string[]>
  body?: Buffer | undefined
}

export interface Answered {
  status: number
  headers: IncomingHttpHeaders
  /** Without parameters. */
  type: string
  /** As text; of JSON, parsed too. */
  text: string
  body: unknown
  ms: number
}

/** An answer that takes longer counts as none. */
export const maxAnswerMs = 10_000

/** Sends a request as no well-behaved client would. @throws Error when there is no answer */
export async function send(address: string, { method, path, headers, body }: Sent): Promise<Answered> {
  const began = performance.now()
  const { promise, resolve, reject } = Promise.withResolvers<Answered>()
  const { hostname, port } = new URL(address)
  // Of a DELETE or HEAD it would be left out, and its body be the beginning of another request.
  const length = body && { 'content-length': `${body.length}` }
  const sent = request({
    // Another connection for each: what one request breaks is not the next one's fault.
    agent: false,
    hostname,
    port,
    method,
    path,
    headers: { ...headers, ...length },
    signal: AbortSignal.timeout(maxAnswerMs),
  })
  const answered = ({ statusCode, headers }: IncomingMessage, text: string) => {
    const type = headers['content-type']?.split(';')[0] ?? ''
    const ms = performance.now() - began
    resolve({
      status: statusCode!,
      headers,
      type,
      text,
      body: type.endsWith('json') ? parse(text) : text,
      ms,
    })
  }
  sent.on('response', (res) => {
    const pieces: Buffer[] = []
    res.on('data', (piece: Buffer) => {
      pieces.push(piece)
      // A stream has no end to wait for.
      if (res.headers['content-type']?.startsWith('text/event-stream')) res.destroy()
    })
    res.on('error', () => {})
    res.on('close', () => answered(res, Buffer.concat(pieces).toString()))
  })
  sent.on('upgrade', (res, socket) => {
    socket.destroy()
    answered(res, '')
  })
  sent.on('error', reject)
  sent.end(body)
  return promise
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
