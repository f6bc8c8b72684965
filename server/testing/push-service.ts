import { createDecipheriv, createECDH, hkdfSync, randomBytes, randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { getCACertificates, setDefaultCACertificates } from 'node:tls'
import { importJWK, type JWTPayload, jwtVerify } from 'jose'
import { afterAll } from 'vitest'
import { PushPayload } from '../contract/push.ts'
import { selfSigned } from './certificate.ts'

/** A push as it arrived. */
export interface Received {
  path: string
  /** Decrypted. */
  payload: PushPayload
  /** Of the payload, encrypted. */
  bytes: number
  ttl: string | undefined
  urgency: string | undefined
  topic: string | undefined
  /** The public key that signed it, and what it said. */
  key: string
  claims: JWTPayload
}

/** A browser's side of a subscription. */
interface Subscriber {
  keys: ReturnType<typeof createECDH>
  auth: Buffer
}

type Fault = { status: number; headers?: Record<string, string> } | ((res: ServerResponse) => void)

/** A push service with its browsers: checks who sends (RFC 8292) and decrypts what is sent (RFC 8291). */
export class PushService {
  readonly host: string
  /** `fullchain.pem`, for processes that are to trust it. */
  readonly certificate: string
  readonly received: Received[] = []
  /** What was asked, taken or not: its method and path. */
  readonly asked: string[] = []
  /** The most requests that were under way at a time. */
  mostAtOnce = 0
  /** How long an answer takes. Milliseconds. */
  delay = 0
  /** What to answer instead of 201. */
  fault: (path: string) => Fault | undefined = () => undefined
  readonly #browsers = new Map<string, Subscriber>()
  #atOnce = 0

  private constructor(port: number, certificate: string) {
    this.host = `127.0.0.1:${port}`
    this.certificate = certificate
  }

  /** From now on this process trusts its certificate. */
  static async start(): Promise<PushService> {
    const folder = selfSigned()
    const [cert, key] = ['fullchain.pem', 'privkey.pem'].map((name) => readFileSync(join(folder, name)))
    setDefaultCACertificates([...getCACertificates('default'), cert!.toString()])
    const server = createServer({ cert: cert!, key: key! }, (req, res) => void service.#answer(req, res))
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const service = new PushService((server.address() as AddressInfo).port, join(folder, 'fullchain.pem'))
    afterAll(() => {
      server.closeAllConnections()
      server.close()
    })
    return service
  }

  forget(): void {
    Object.assign(this, { fault: () => undefined, delay: 0, mostAtOnce: 0 })
    this.received.length = 0
    this.asked.length = 0
  }

  /** A browser's new subscription, as its `toJSON()` has it. */
  subscription() {
    const path = `/send/${randomUUID()}`
    const keys = createECDH('prime256v1')
    const auth = randomBytes(16)
    keys.generateKeys()
    this.#browsers.set(path, { keys, auth })
    return {
      endpoint: `https://${this.host}${path}`,
      expirationTime: null,
      keys: { p256dh: keys.getPublicKey('base64url'), auth: auth.toString('base64url') },
    }
  }

  /** What arrived at a subscription. */
  at({ endpoint }: { endpoint: string }): Received[] {
    return this.received.filter(({ path }) => path === new URL(endpoint).pathname)
  }

  async #answer(req: IncomingMessage, res: ServerResponse): Promise<void> {
    this.asked.push(`${req.method} ${req.url}`)
    this.mostAtOnce = Math.max(this.mostAtOnce, ++this.#atOnce)
    res.once('close', () => this.#atOnce--)
    const pieces: Buffer[] = []
    for await (const piece of req) pieces.push(piece)
    if (this.delay) await new Promise((resolve) => setTimeout(resolve, this.delay))
    const fault = this.fault(req.url!)
    if (typeof fault === 'function') return fault(res)
    if (fault) return void res.writeHead(fault.status, fault.headers).end('a fault')
    try {
      this.received.push(await this.#receive(req, Buffer.concat(pieces)))
      res.writeHead(201).end()
    } catch (error) {
      res.writeHead(400).end(String(error))
    }
  }

  async #receive({ url, headers }: IncomingMessage, body: Buffer): Promise<Received> {
    const browser = this.#browsers.get(url!)
    if (!browser) throw new Error('there is no such subscription')
    const [, token, key] = headers.authorization!.match(/^vapid t=([\w.-]+), k=([\w-]+)$/)!
    const point = Buffer.from(key!, 'base64url')
    const [x, y] = [point.subarray(1, 33), point.subarray(33)].map((half) => half.toString('base64url'))
    const jwk = await importJWK({ kty: 'EC', crv: 'P-256', x: x!, y: y! }, 'ES256')
    const { payload: claims } = await jwtVerify(token!, jwk, { audience: `https://${this.host}` })
    if (headers['content-encoding'] !== 'aes128gcm') throw new Error('an unknown encryption')
    return {
      path: url!,
      payload: PushPayload.strict().parse(JSON.parse(decrypt(body, browser))),
      bytes: body.length,
      ttl: headers.ttl as string,
      urgency: headers.urgency as string,
      topic: headers.topic as string,
      key: key!,
      claims,
    }
  }
}

/** RFC 8188 with the keys of RFC 8291; a single record. */
function decrypt(body: Buffer, { keys, auth }: Subscriber): string {
  const [salt, idLength] = [body.subarray(0, 16), body[20]!]
  const sender = body.subarray(21, 21 + idLength)
  const record = body.subarray(21 + idLength)
  const derive = (key: Buffer, salted: Buffer, info: Buffer | string, length: number) =>
    Buffer.from(hkdfSync('sha256', key, salted, info, length))
  const about = Buffer.concat([Buffer.from('WebPush: info\0'), keys.getPublicKey(), sender])
  const shared = derive(keys.computeSecret(sender), auth, about, 32)
  const key = derive(shared, salt, 'Content-Encoding: aes128gcm\0', 16)
  const nonce = derive(shared, salt, 'Content-Encoding: nonce\0', 12)
  const decipher = createDecipheriv('aes-128-gcm', key, nonce).setAuthTag(record.subarray(-16))
  const padded = Buffer.concat([decipher.update(record.subarray(0, -16)), decipher.final()])
  return padded.subarray(0, padded.lastIndexOf(2)).toString()
}
