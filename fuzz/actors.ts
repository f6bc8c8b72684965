import { randomUUID } from 'node:crypto'
import { type Answered, send } from './send.ts'

export const password = 'fuzz, fuzz, fuzz'

/** How somebody says who they are. */
export type Way = 'cookie' | 'bearer' | 'nobody'

/** Somebody who asks. */
export class Actor {
  readonly name: string
  readonly email: string
  readonly way: Way
  id = 0
  #scope: string
  #address: string
  /** As a header; empty for nobody. */
  credentials: Record<string, string> = {}
  /** What is only theirs: no one else's answers hold it. */
  readonly secrets = new Set<string>()

  constructor(address: string, name: string, way: Way = 'cookie', scope = '') {
    this.#address = address
    this.name = name
    this.email = `${name}.${randomUUID().slice(0, 8)}@fuzz.example`
    this.way = way
    this.#scope = scope
  }

  /** @throws Error when that is refused */
  async register(): Promise<this> {
    const { email, name } = this
    await send(this.#address, asJson('POST', '/api/auth/register', { email, username: name, password }))
    return this.signIn(email)
  }

  /** A program signs in to somebody's account. */
  async signIn(email = this.email): Promise<this> {
    if (this.way === 'nobody') return this
    const isProgram = this.way === 'bearer'
    const scope = this.#scope ? { scope: this.#scope } : {}
    const path = isProgram ? '/auth/login' : '/api/auth/login'
    const { status, headers, body } = await send(
      this.#address,
      asJson('POST', path, { email, password, ...(isProgram && scope) }),
    )
    if (status !== 200) throw new Error(`${this.name} cannot sign in: ${status}`)
    const cookie = (headers['set-cookie'] ?? [])
      .map((each) => each.split(';')[0]!)
      .find((each) => !each.includes('-device='))
    const tokens = body as { access_token: string; refresh_token: string; user: { id: number } }
    this.credentials = isProgram ? { authorization: `Bearer ${tokens.access_token}` } : { cookie: cookie! }
    for (const secret of isProgram ? [tokens.access_token, tokens.refresh_token] : [cookie!.split('=')[1]!])
      this.secrets.add(secret)
    if (!isProgram) this.id = tokens.user.id
    return this
  }

  /** @throws Error when it is refused: the scene takes it for granted */
  // biome-ignore lint/suspicious/noExplicitAny: of whatever endpoint
  async ask(method: string, path: string, body?: unknown): Promise<any> {
    const answer = await this.tell(method, path, body)
    if (answer.status < 300) return answer.body
    throw new Error(`${this.name}: ${method} ${path} → ${answer.status} ${answer.text}`)
  }

  tell(method: string, path: string, body?: unknown): Promise<Answered> {
    const plain = body === undefined ? { method, path, headers: {} } : asJson(method, path, body)
    return send(this.#address, { ...plain, headers: { ...plain.headers, ...this.credentials } })
  }

  async upload(filename: string, content: string | Buffer): Promise<number> {
    const { headers, body } = multipart(filename, content)
    const sent = {
      method: 'POST',
      path: '/api/messages/upload',
      headers: { ...headers, ...this.credentials },
      body,
    }
    const answer = await send(this.#address, sent)
    return (answer.body as { attachment: { id: number } }).attachment.id
  }
}

const asJson = (method: string, path: string, body: unknown) => ({
  method,
  path,
  headers: { 'content-type': 'application/json' },
  body: Buffer.from(JSON.stringify(body)),
})

/** A picture as small as one can be. */
export const pixel = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
)

const boundary = 'fuzz-boundary'

/** One file, as a browser sends it. */
export function multipart(filename: string, content: string | Buffer, field = 'file') {
  const head = `--${boundary}\r\nContent-Disposition: form-data; name="${field}"; filename="${filename}"\r\n`
  return {
    headers: { 'content-type': `multipart/form-data; boundary=${boundary}` },
    body: Buffer.concat([
      Buffer.from(`${head}Content-Type: application/octet-stream\r\n\r\n`),
      Buffer.from(content as string),
      Buffer.from(`\r\n--${boundary}--\r\n`),
    ]),
  }
}
