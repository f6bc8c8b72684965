import { connect, type Socket } from 'node:net'
import { persistently } from './client.ts'
import type { Program } from './stack.ts'

const mark = Buffer.from('event: ')
const newline = '\n'.charCodeAt(0)
/** The only event whose name begins with it is `new_message`. */
const messageInitial = 'n'.charCodeAt(0)

/** An open stream that counts its events, for next to nothing. */
export class Stream {
  received = 0
  /** How many of each other event came. */
  readonly others = new Map<string, number>()
  readonly #socket: Socket
  readonly #heard: () => void
  /** The beginning of a line. */
  #rest: Buffer | undefined
  #last: Buffer | undefined

  constructor(socket: Socket, heard: () => void) {
    this.#socket = socket
    this.#heard = heard
  }

  /** The id of the newest message. */
  get lastId(): string | undefined {
    return this.#last
      ?.toString('latin1')
      .match(/^id: .+$/gm)
      ?.at(-1)
      ?.slice('id: '.length)
  }

  read(data: Buffer): void {
    const whole = this.#rest ? Buffer.concat([this.#rest, data]) : data
    const end = whole.lastIndexOf(newline) + 1
    this.#rest = end < whole.length ? whole.subarray(end) : undefined
    for (let at = whole.indexOf(mark); at >= 0 && at < end; at = whole.indexOf(mark, at + mark.length))
      this.#count(whole, at + mark.length)
  }

  #count(data: Buffer, nameAt: number): void {
    if (data[nameAt] !== messageInitial) return this.#countOther(data, nameAt)
    this.received++
    this.#last = data
    this.#heard()
  }

  #countOther(data: Buffer, nameAt: number): void {
    const name = data.toString('latin1', nameAt, data.indexOf(newline, nameAt))
    this.others.set(name, (this.others.get(name) ?? 0) + 1)
  }

  close(): void {
    this.#socket.destroy()
  }
}

interface Listening {
  /** Called with every message that comes. */
  heard?: () => void
  lastEventId?: string | undefined
  /** Over a WebSocket, whose pings are not answered. */
  isWebSocket?: boolean
}

const upgrade = [
  ...['Connection: Upgrade', 'Upgrade: websocket', 'Sec-WebSocket-Version: 13'],
  'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
  '',
].join('\r\n')

/** @throws Error unless the stream opens */
export async function listen(
  { port }: Program,
  path: string,
  cookie: string,
  { heard = () => {}, lastEventId, isWebSocket = false }: Listening = {},
): Promise<Stream> {
  const place = lastEventId ? `Last-Event-ID: ${lastEventId}\r\n` : isWebSocket ? upgrade : ''
  const request = `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: ${cookie}\r\n${place}\r\n`
  const { status, stream } = await persistently(() => open(port, request, heard))
  if (status !== (isWebSocket ? 101 : 200)) throw new Error(`the stream answered ${status}`)
  return stream
}

function open(port: number, request: string, heard: () => void): Promise<{ status: number; stream: Stream }> {
  const { promise, resolve, reject } = Promise.withResolvers<{ status: number; stream: Stream }>()
  const socket = connect({ port, host: '127.0.0.1', noDelay: true })
  const stream = new Stream(socket, heard)
  socket.write(request)
  socket.on('error', reject)
  socket.on('close', () => reject(new Error('the stream was closed')))
  socket.once('data', (head) => resolve({ status: Number(head.toString('latin1').slice(9, 12)), stream }))
  socket.on('data', (data) => stream.read(data as Buffer))
  return promise
}

/** Opens as many streams as `open` is asked for, a hundred at a time. */
export async function openAll(count: number, open: (i: number) => Promise<Stream>): Promise<Stream[]> {
  const streams: Stream[] = new Array(count)
  let next = 0
  const work = async () => {
    for (let i = next++; i < count; i = next++) streams[i] = await open(i)
  }
  await Promise.all(Array.from({ length: Math.min(count, 100) }, work))
  return streams
}
