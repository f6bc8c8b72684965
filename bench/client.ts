import { connect, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Program } from './stack.ts'

const maxTries = 50
/** Answers of 503. */
export const refusals = { count: 0 }

/** As a member's browser does, asks again when the service is not able to answer at the moment. */
export async function persistently<T extends { status: number }>(work: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    const answer = await work()
    if (answer.status !== 503 || tries === maxTries) return answer
    refusals.count++
    await sleep(200)
  }
}

interface Answer {
  status: number
  /** Bytes, its head included. */
  size: number
}

/** A connection that is kept, with one request at a time. Nothing of an answer is parsed but status and length. */
class Connection {
  isOpen = true
  /** A request on it was answered. */
  isProven = false
  readonly #socket: Socket
  #received = ''
  #asked: PromiseWithResolvers<Answer> | undefined

  constructor(port: number) {
    this.#socket = connect({ port, host: '127.0.0.1', noDelay: true }).setEncoding('latin1')
    this.#socket.on('data', (text) => this.#read(String(text)))
    this.#socket.on('error', (error) => this.#end(error))
    this.#socket.on('close', () => this.#end(new Error('the connection was closed')))
  }

  ask(request: string): Promise<Answer> {
    this.#asked = Promise.withResolvers()
    this.#socket.write(request)
    return this.#asked.promise
  }

  #read(text: string): void {
    this.#received += text
    const size = sizeOf(this.#received)
    if (size === undefined || this.#received.length < size) return
    const status = Number(this.#received.slice(9, 12))
    this.#received = ''
    this.isProven = true
    this.#asked?.resolve({ status, size })
    this.#asked = undefined
  }

  #end(error: Error): void {
    this.isOpen = false
    this.#asked?.reject(error)
    this.#asked = undefined
  }
}

/** Of an answer, head included, once its head is there. */
function sizeOf(received: string): number | undefined {
  const end = received.indexOf('\r\n\r\n')
  if (end < 0) return undefined
  const length = /\r\ncontent-length: (\d+)/i.exec(received.slice(0, end))
  return end + 4 + Number(length?.[1] ?? 0)
}

/** Connections that nobody uses at the moment, by port. */
const idle = new Map<number, Connection[]>()

function connectionTo(port: number): Connection {
  for (let next = idle.get(port)?.pop(); next; next = idle.get(port)?.pop()) if (next.isOpen) return next
  return new Connection(port)
}

function release(port: number, connection: Connection): void {
  const others = idle.get(port)
  if (others) others.push(connection)
  else idle.set(port, [connection])
}

/** One request, whose answer is read but not parsed. @returns its bytes. @throws Error unless it succeeds */
export async function ask(
  method: 'GET' | 'POST' | 'DELETE',
  { port }: Program,
  path: string,
  cookie: string,
  body?: object | string,
): Promise<number> {
  const request = requestOf(method, path, cookie, body)
  const { status, size } = await persistently(() => askOnce(port, request))
  if (status >= 300) throw new Error(`${method} ${path}: ${status}`)
  return size
}

async function askOnce(port: number, request: string): Promise<Answer> {
  const connection = connectionTo(port)
  try {
    const answer = await connection.ask(request)
    release(port, connection)
    return answer
  } catch (error) {
    // The server may close a connection that was idle just as it is used again; browsers try another one, too.
    if (connection.isProven) return askOnce(port, request)
    throw error
  }
}

function requestOf(method: string, path: string, cookie: string, body: object | string | undefined): string {
  const head = `${method} ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: ${cookie}\r\n`
  if (body === undefined) return `${head}\r\n`
  const content = typeof body === 'string' ? body : JSON.stringify(body)
  return `${head}Content-Type: application/json\r\nContent-Length: ${Buffer.byteLength(content)}\r\n\r\n${content}`
}
