import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http'
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https'
import { guardedLookup, hostOf, Refused, type Resolve } from './guard.ts'

const maxHeaderBytes = 16 * 1024

export interface GuardedRequest {
  method?: 'GET' | 'POST'
  headers: Record<string, string | number>
  body?: Buffer
  /** For connections that are kept open; a new one is made for each request by default. */
  agent?: HttpsAgent
  /** Replaces the system's resolver. */
  resolve?: Resolve | undefined
}

/** What was asked has not answered in time. */
export class TooSlow extends Refused {}

/** Does what takes no longer than this; the signal ends what it still has open. @throws TooSlow */
export async function within<T>(milliseconds: number, act: (signal: AbortSignal) => Promise<T>): Promise<T> {
  // Not AbortSignal.timeout: its timer neither keeps the process alive nor ends with the request.
  const deadline = new AbortController()
  const timer = setTimeout(() => deadline.abort(new TooSlow('too slow')), milliseconds)
  try {
    return await act(deadline.signal)
  } finally {
    clearTimeout(timer)
    deadline.abort()
  }
}

/**
 * Asks an untrusted server: through no proxy, following no redirect, and only at addresses of the public Internet.
 * @param url from `checkUrl`
 * @returns the answer, of which only the head has come
 * @throws Refused, or the connection's error
 */
export function requestGuarded(
  url: URL,
  { method = 'GET', headers, body, agent, resolve }: GuardedRequest,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  const isSecure = url.protocol === 'https:'
  return new Promise((answered, failed) => {
    const sent = (isSecure ? httpsRequest : httpRequest)({
      method,
      host: hostOf(url),
      port: url.port || (isSecure ? 443 : 80),
      path: url.pathname + url.search,
      // Never the global one, which would use the environment's proxies.
      agent: agent ?? new (isSecure ? HttpsAgent : HttpAgent)({ keepAlive: false, maxSockets: 1 }),
      lookup: guardedLookup(url, resolve),
      maxHeaderSize: maxHeaderBytes,
      headers: { host: url.host, ...headers },
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
    sent.end(body)
  })
}
