import type { ServerResponse } from 'node:http'
import type { Socket } from 'node:net'

/**
 * Writes the headers of an answer, and takes its connection out of HTTP: what follows, until the connection is closed,
 * the caller writes to the socket. An answer that stays open for hours would keep its parser, request and response for
 * as long, which take more memory than the socket.
 *
 * Node's own close handlers of the HTTP layer run now: they free the parser and abort the request, while the socket
 * stays open.
 * @param res with a socket that is writable
 */
export function takeConnection(res: ServerResponse, headers: Record<string, string>): Socket {
  const socket = res.socket!
  // The answer ends when the connection does: chunked encoding would add a quarter to the cost of each write.
  res.removeHeader('Transfer-Encoding')
  res.writeHead(200, { ...headers, Connection: 'close' })
  // The headers leave in one write with what the caller writes first.
  socket.cork()
  process.nextTick(() => socket.uncork())
  res.flushHeaders()
  res.detachSocket(socket)
  // Detached from the request as well, which would destroy it when it is aborted below.
  Reflect.set(res.req, 'socket', null)
  const closing = socket.listeners('close')
  socket.removeAllListeners()
  for (const close of closing) close.call(socket, false)
  return socket.on('error', ignore).on('end', socket.destroy).resume()
}

/** A client that is gone is noticed by `close`. */
const ignore = () => {}
