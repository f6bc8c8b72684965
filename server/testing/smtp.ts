import { once } from 'node:events'
import type { AddressInfo, Socket } from 'node:net'
import { text } from 'node:stream/consumers'
import { SMTPServer, type SMTPServerSession } from 'smtp-server'
import { afterAll } from 'vitest'

export interface Mail {
  /** Of the envelope. */
  from: string
  to: string[]
  /** By lower-case name, unfolded and decoded; one that comes twice has both. */
  headers: Record<string, string[]>
  text: string
  html: string
  raw: string
}

/** What the server does at a step of the dialogue; nothing means that it goes on. */
type Fault = { code: number; words: string } | 'vanish' | undefined
export type Step = 'connect' | 'from' | 'to' | 'data' | 'accepted'

/** A real mail server on the loopback. */
export class MailServer {
  readonly mails: Mail[] = []
  url = ''
  /** Called with the step and, from `to` on, the recipient. At `accepted` the mail is in, and only the answer is missing. */
  fault: (step: Step, recipient: string) => Fault = () => undefined
  #server!: SMTPServer
  #port = 0
  readonly #sockets = new Map<number, Socket>()

  static async start(): Promise<MailServer> {
    const server = new MailServer()
    await server.open()
    afterAll(() => server.close())
    return server
  }

  async open(): Promise<void> {
    const answer = (step: Step, session: SMTPServerSession, done: (error?: Error) => void) => {
      const fault = this.fault(step, session.envelope?.rcptTo.at(-1)?.address ?? '')
      if (fault === 'vanish') return void this.#sockets.get(session.remotePort)?.destroy()
      done(fault && Object.assign(new Error(fault.words), { responseCode: fault.code }))
    }
    this.#server = new SMTPServer({
      disabledCommands: ['AUTH', 'STARTTLS'],
      logger: false,
      onConnect: (session, done) => answer('connect', session, done),
      onMailFrom: (_address, session, done) => answer('from', session, done),
      onRcptTo: (address, session, done) => {
        session.envelope.rcptTo.push(address)
        answer('to', session, (error) => {
          session.envelope.rcptTo.pop()
          done(error)
        })
      },
      onData: async (stream, session, done) => {
        const raw = await text(stream)
        answer('data', session, (error) => {
          if (error) return done(error)
          this.mails.push(read(raw, session))
          answer('accepted', session, done)
        })
      },
    })
    this.#server.server.on('connection', (socket) => this.#sockets.set(socket.remotePort!, socket))
    this.#server.on('error', () => {})
    this.#server.listen(this.#port, '127.0.0.1')
    await once(this.#server.server, 'listening')
    this.#port = (this.#server.server.address() as AddressInfo).port
    this.url = `smtp://127.0.0.1:${this.#port}`
  }

  close(): Promise<void> {
    return new Promise((resolve) => this.#server.close(resolve))
  }

  /** Mails to somebody, taken away. */
  take(address: string): Mail[] {
    const found = this.mails.filter(({ to }) => to.includes(address))
    for (const mail of found) this.mails.splice(this.mails.indexOf(mail), 1)
    return found
  }
}

function read(raw: string, { envelope }: SMTPServerSession): Mail {
  const [head = '', ...rest] = raw.split('\r\n\r\n')
  const body = rest.join('\r\n\r\n')
  const part = (type: string) => {
    const boundary = /boundary="([^"]+)"/.exec(head)?.[1]
    const found = body.split(`--${boundary}`).find((each) => each.includes(`Content-Type: ${type}`)) ?? ''
    const [partHead = '', ...partBody] = found.split('\r\n\r\n')
    return decode(partBody.join('\r\n\r\n').trimEnd(), /base64/i.test(partHead) ? 'B' : 'Q')
  }
  return {
    from: envelope.mailFrom ? envelope.mailFrom.address : '',
    to: envelope.rcptTo.map(({ address }) => address),
    headers: readHeaders(head),
    text: part('text/plain'),
    html: part('text/html'),
    raw,
  }
}

function readHeaders(head: string): Mail['headers'] {
  const headers: Mail['headers'] = {}
  for (const line of head.replace(/\r\n[ \t]+/g, ' ').split('\r\n')) {
    const at = line.indexOf(':')
    const words = line
      .slice(at + 1)
      .trim()
      .replace(/\?= +=\?/g, '?==?')
      .replace(/=\?utf-8\?([QB])\?(.*?)\?=/gi, (_, how: string, coded: string) =>
        decode(how === 'Q' ? coded.replaceAll('_', ' ') : coded, how),
      )
    const name = line.slice(0, at).toLowerCase()
    headers[name] = [...(headers[name] ?? []), words]
  }
  return headers
}

function decode(coded: string, how: string): string {
  if (how === 'B') return Buffer.from(coded, 'base64').toString()
  const bytes = coded
    .replace(/=\r\n/g, '')
    .replace(/=([0-9A-F]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
  return Buffer.from(bytes, 'latin1').toString()
}
