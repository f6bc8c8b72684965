import { Agent, type IncomingHttpHeaders, type IncomingMessage, request } from 'node:http'
import type { Socket } from 'node:net'

export interface Answer {
  status: number
  headers: IncomingHttpHeaders
  // biome-ignore lint/suspicious/noExplicitAny: the caller knows the answer’s shape
  body: any
}

/** Longer than any request may take. */
const timeoutMs = 15_000

/** A program or page with a cookie and connections of its own. */
export class Client {
  cookie = ''
  readonly address: string
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 10 })

  constructor(address: string) {
    this.address = address
  }

  /** @throws Error when no whole answer comes */
  ask(method: string, path: string, body?: object): Promise<Answer> {
    const json = body && JSON.stringify(body)
    const headers = {
      ...(this.cookie && { cookie: this.cookie }),
      ...(json && { 'content-type': 'application/json', 'content-length': Buffer.byteLength(json) }),
    }
    return new Promise((resolve, reject) => {
      const options = { agent: this.#agent, method, headers, timeout: timeoutMs }
      const asked = request(this.address + path, options, (answer) => {
        read(answer).then((answered) => {
          const cookie = answer.headers['set-cookie']?.[0]
          if (cookie) this.cookie = cookie.split(';')[0]!
          resolve(answered)
        }, reject)
      })
      asked.on('error', reject)
      asked.on('timeout', () => asked.destroy(new Error('no answer')))
      asked.end(json)
    })
  }

  /** Cuts every connection, also of requests that wait for their answer. */
  cut(): void {
    for (const sockets of Object.values(this.#agent.sockets)) sockets?.forEach(destroy)
  }

  close(): void {
    this.#agent.destroy()
  }
}

const destroy = (socket: Socket) => void socket.destroy()

async function read(answer: IncomingMessage): Promise<Answer> {
  let text = ''
  answer.setEncoding('utf8')
  for await (const chunk of answer) text += chunk
  const isJson = answer.headers['content-type']?.includes('json')
  return { status: answer.statusCode!, headers: answer.headers, body: isJson ? JSON.parse(text) : text }
}
