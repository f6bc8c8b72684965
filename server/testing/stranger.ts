import { createServer, type RequestListener } from 'node:http'
import { type AddressInfo, createServer as createTcpServer, type Server, Socket } from 'node:net'
import { afterAll } from 'vitest'

export interface Stranger {
  /** `127.0.0.1:12345` */
  host: string
  /** `http://127.0.0.1:12345` */
  address: string
  /** Paths that were asked for; of a server without HTTP, a line for each connection. */
  asked: string[]
  /** The headers of the last request. */
  headers: Record<string, unknown>
}

/** Somebody else's web server. */
export function stranger(answer: RequestListener): Promise<Stranger> {
  const asked: string[] = []
  const server = createServer((req, res) => {
    asked.push(req.url!)
    found.headers = req.headers
    res.on('error', () => {})
    answer(req, res)
  })
  const found: Stranger = { host: '', address: '', asked, headers: {} }
  return listen(server, found)
}

/** Somebody who need not speak HTTP. */
export function rawStranger(answer: (socket: Socket) => void, host = '127.0.0.1'): Promise<Stranger> {
  const asked: string[] = []
  const server = createTcpServer((socket) => {
    asked.push('a connection')
    socket.on('error', () => {})
    answer(socket)
  })
  return listen(server, { host: '', address: '', asked, headers: {} }, host)
}

async function listen(server: Server, found: Stranger, host = '127.0.0.1'): Promise<Stranger> {
  const sockets = new Set<Socket>()
  server.on('connection', (socket) => sockets.add(socket))
  await new Promise<void>((resolve) => server.listen(0, host, resolve))
  afterAll(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  found.host = `${host.includes(':') ? `[${host}]` : host}:${(server.address() as AddressInfo).port}`
  found.address = `http://${found.host}`
  return found
}

/** Notes every connection that this process tries to make from now on, as `address:port`. */
export function watchConnections(): string[] {
  const tried: string[] = []
  const connect = Socket.prototype.connect
  Socket.prototype.connect = function (this: Socket, ...given: unknown[]) {
    this.on('connectionAttempt', (address: string, port: number) => tried.push(`${address}:${port}`))
    return (connect as (...all: unknown[]) => Socket).apply(this, given)
  } as typeof connect
  afterAll(() => {
    Socket.prototype.connect = connect
  })
  return tried
}
