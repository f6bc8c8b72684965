import { once } from 'node:events'
import { Agent, request } from 'node:http'
import type { Program } from './stack.ts'

const agent = new Agent({ keepAlive: true, maxSockets: 1000 })

/** One request, whose answer is read but not parsed. @throws Error unless it succeeds */
export function ask(
  method: 'GET' | 'POST',
  { port }: Program,
  path: string,
  cookie: string,
  body?: object,
): Promise<number> {
  const json = body && JSON.stringify(body)
  const headers = json
    ? { cookie, 'content-type': 'application/json', 'content-length': Buffer.byteLength(json) }
    : { cookie }
  return new Promise((resolve, reject) => {
    const sent = request({ agent, port, host: '127.0.0.1', method, path, headers }, (answer) => {
      let size = 0
      answer.on('data', (chunk: Buffer) => {
        size += chunk.length
      })
      answer.on('end', () =>
        answer.statusCode! < 300
          ? resolve(size)
          : reject(new Error(`${method} ${path}: ${answer.statusCode}`)),
      )
    })
    sent.on('error', reject)
    sent.end(json)
  })
}

const mark = Buffer.from('event: new_message\n')

/** A stream that only counts its messages. */
export interface Stream {
  received: number
  close(): void
}

/** @param heard called with every message that comes */
export async function listen(
  program: Program,
  path: string,
  cookie: string,
  heard: () => void = () => {},
): Promise<Stream> {
  const sent = request({ port: program.port, host: '127.0.0.1', path, headers: { cookie } })
  sent.end()
  const [answer] = await once(sent, 'response')
  if (answer.statusCode !== 200) throw new Error(`the stream answered ${answer.statusCode}`)
  const stream = { received: 0, close: () => sent.destroy() }
  sent.on('error', () => {})
  answer.on('error', () => {})
  let rest: Buffer = Buffer.alloc(0)
  answer.on('data', (chunk: Buffer) => {
    const data = rest.length > 0 ? Buffer.concat([rest, chunk]) : chunk
    let from = 0
    for (let at = data.indexOf(mark); at >= 0; at = data.indexOf(mark, from)) {
      from = at + mark.length
      stream.received++
      heard()
    }
    rest = data.subarray(Math.max(from, data.length - mark.length + 1))
  })
  return stream
}
