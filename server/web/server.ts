import { randomUUID } from 'node:crypto'
import type { RequestListener, Server, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import { createServer, STATUS_CODES } from './http.ts'
import { invalid, Problem } from './problem.ts'
import { isWebSocket, serveUpgrades } from './upgrade.ts'

const malformed = invalid('This is not a valid HTTP request.')
const problems: Record<string, Problem> = {
  HPE_HEADER_OVERFLOW: new Problem(431, 'headers_too_large', 'The headers are larger than 16 KiB.'),
  HPE_CHUNK_EXTENSIONS_OVERFLOW: new Problem(413, 'payload_too_large', 'The chunk extensions are too large.'),
  ERR_HTTP_REQUEST_TIMEOUT: new Problem(408, 'request_timeout', 'The request was not completed in time.'),
}

/**
 * Serves an app. Requests that Node refuses before they reach the app are answered as the app would: with a problem and
 * a request id.
 */
export function createHttpServer(app: RequestListener): Server {
  const server = createServer(
    { requireHostHeader: false, shouldUpgradeCallback: isWebSocket },
    (req, res) => {
      if (req.headers.host === undefined && req.httpVersion === '1.1') answer(req.socket, malformed)
      else app(req, res)
    },
  )
  // An unknown expectation is ignored rather than refused.
  server.on('checkExpectation', app)
  serveUpgrades(server, app)
  return server.on('clientError', ({ code = '' }: NodeJS.ErrnoException, socket) => {
    const { _httpMessage: begun } = socket as { _httpMessage?: ServerResponse }
    if (code === 'ECONNRESET' || !socket.writable || begun?.headersSent) socket.destroy()
    else answer(socket, problems[code] ?? malformed)
  })
}

function answer(socket: Duplex, problem: Problem): void {
  const body = JSON.stringify(problem.body())
  const head = [
    `HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status]}`,
    `Date: ${new Date().toUTCString()}`,
    'Connection: close',
    'Content-Type: application/problem+json; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(body)}`,
    `X-Request-Id: ${randomUUID()}`,
  ]
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`)
}
