import type { IncomingMessage, RequestListener, Server } from 'node:http'
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import type { Request, Response } from 'express'
import type { WebSocket } from 'ws'
import { limits } from '../contract/limits.ts'
import { ServerResponse } from './http.ts'
import { invalid, Problem } from './problem.ts'

interface Upgrade {
  socket: Socket
  head: Buffer
}

const upgrades = new WeakMap<IncomingMessage, Upgrade>()

/** Whether a request asks to become a WebSocket. Other upgrades are not known here: such a request is answered as it is. */
export const isWebSocket = ({ method, headers }: IncomingMessage): boolean =>
  method === 'GET' && headers.upgrade?.toLowerCase() === 'websocket'

/** Lets requests for a WebSocket meet the app as any other does, until a route accepts them. */
export function serveUpgrades(server: Server, app: RequestListener): void {
  server.on('upgrade', (req: IncomingMessage, duplex: Duplex, head: Buffer) => {
    const socket = duplex as Socket
    // Sent before the answer to an earlier request had come: that answer has the socket.
    if ('_httpMessage' in socket && socket._httpMessage) return void socket.destroy()
    // A client that is gone is noticed by `close`.
    socket.on('error', () => {})
    const res = new ServerResponse(req)
    res.shouldKeepAlive = false
    res.assignSocket(socket)
    // Nobody reads on: a client that stays would not be noticed.
    res.on('finish', () => socket.destroySoon())
    upgrades.set(req, { socket, head })
    app(req, res)
  })
}

let server: Promise<import('ws').WebSocketServer> | undefined

/** Loaded by the first client: a service without any needs no memory for it. */
const openServer = async () => {
  const { WebSocketServer } = await import('ws')
  const server = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    maxPayload: limits.frameBytes,
  })
  // It writes the answer by itself, without what the app has set.
  server.on('headers', (headers, req) =>
    headers.push(`X-Request-Id: ${(req as Request).res?.get('X-Request-Id')}`),
  )
  return server
}

/**
 * Prepares to take the connection of a request for a WebSocket.
 * @returns takes it, when the client is still there
 * @throws Problem 426 when it asks for none, 400 when the handshake is malformed
 */
export async function webSocketOf(
  req: Request,
  res: Response,
): Promise<() => { webSocket: WebSocket; socket: Duplex } | undefined> {
  const upgrade = upgrades.get(req)
  if (!upgrade) {
    res.set({ Upgrade: 'websocket' })
    throw new Problem(426, 'upgrade_required', 'This address speaks WebSocket.')
  }
  const { 'sec-websocket-key': key = '', 'sec-websocket-version': version } = req.headers
  if (!/^[+/0-9A-Za-z]{22}==$/.test(key) || version !== '13') throw invalid('The handshake is malformed.')
  server ??= openServer()
  const webSockets = await server
  return () => {
    const { socket, head } = upgrade
    if (!socket.writable) return undefined
    res.detachSocket(socket)
    let webSocket: WebSocket | undefined
    webSockets.handleUpgrade(req, socket, head, (opened) => {
      webSocket = opened
    })
    return webSocket && { webSocket, socket }
  }
}
