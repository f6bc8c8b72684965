import { hash } from '@node-rs/argon2'
import { afterAll } from 'vitest'
import { cast, type Name, names, password } from '../demo/cast.ts'
import type { Live } from '../live/live.ts'
import type { Tokens } from '../tokens/family.ts'
import { type BodyOf, checkAnswer } from './answers.ts'
import { Listener } from './listener.ts'
import { freshDatabase } from './postgres.ts'

// biome-ignore lint/suspicious/noExplicitAny: of whatever endpoint
export interface Answer<Body = any> {
  status: number
  headers: Headers
  body: Body
}

const asJson = (body: unknown): RequestInit => ({
  body: JSON.stringify(body),
  headers: { 'content-type': 'application/json' },
})

/** Somebody with a browser, or a program, who talks to the service. */
export class Person {
  id = 0
  cookie = ''
  /** An access token, which a program sends in place of the cookie. */
  bearer = ''
  readonly address: string

  constructor(address: string) {
    this.address = address
  }

  /** Sends a request as it is, with their session. @throws AssertionError when the answer is not as the contract has it */
  async request<Method extends string, Path extends string>(
    method: Method,
    path: Path,
    init: RequestInit = {},
  ): Promise<Answer<BodyOf<Method, Path>>> {
    const headers = {
      ...this.#credentials(),
      ...(init.headers as Record<string, string>),
    }
    const answer = await fetch(this.address + path, { redirect: 'manual', ...init, method, headers })
    const cookies = answer.headers.getSetCookie().map((cookie) => cookie.split(';')[0]!)
    this.cookie = cookies.find((cookie) => !cookie.includes('-device=')) ?? this.cookie
    const text = await answer.text()
    const isJson = answer.headers.get('content-type')?.includes('json')
    const body = isJson ? JSON.parse(text) : text
    if (answer.ok) checkAnswer(method, path, answer.status, body)
    return { status: answer.status, headers: answer.headers, body }
  }

  #json<Method extends string, Path extends string>(method: Method, path: Path, body: unknown) {
    return this.request(method, path, asJson(body))
  }

  #credentials(): Record<string, string> {
    return {
      ...(this.cookie && { cookie: this.cookie }),
      ...(this.bearer && { authorization: `Bearer ${this.bearer}` }),
    }
  }

  get = <Path extends string>(path: Path) => this.request('GET', path)
  delete = <Path extends string>(path: Path) => this.request('DELETE', path)
  post = <Path extends string>(path: Path, body: unknown = {}) => this.#json('POST', path, body)
  put = <Path extends string>(path: Path, body: unknown = {}) => this.#json('PUT', path, body)
  patch = <Path extends string>(path: Path, body: unknown = {}) => this.#json('PATCH', path, body)

  async signIn(name: Name): Promise<this> {
    const { body } = await this.post('/api/auth/login', { email: cast[name].email, password })
    this.id = body.user.id
    return this
  }

  /** A pair of tokens of theirs, of a session of its own. @param scope separated by blanks; all of them without it */
  async token(scope = ''): Promise<Tokens> {
    const { email } = (await this.get('/api/users/me')).body.user
    const program = new Person(this.address)
    const { body } = await program.request('POST', '/auth/login', asJson({ email, password, scope }))
    return body as unknown as Tokens
  }

  /** A program of theirs: it has a token instead of the cookie. */
  async program(scope?: string): Promise<Person> {
    const program = new Person(this.address)
    program.id = this.id
    program.bearer = (await this.token(scope)).access_token
    return program
  }

  /** Their stream, once it is connected. */
  listen(): Promise<Listener> {
    return Listener.open(`${this.address}/api/messages/stream`, this.cookie, this.#credentials())
  }

  /** Their 1:1 with somebody. @returns the conversation's id */
  async talkTo(other: Person): Promise<number> {
    return (await this.post('/api/conversations', { user_id: other.id })).body.conversation.id
  }

  /** Sends a message. @returns the message */
  async say(conversationId: number, content: string, more: object = {}) {
    return (await this.post(`/api/conversations/${conversationId}/messages`, { content, ...more })).body
      .message
  }
}

export interface Service extends Record<Name, Person> {
  address: string
  /** The streams of its worker. */
  live: Live
  /** Somebody who is not signed in. */
  guest(): Person
}

/** What makes a password hash safe would cost every test file more than the rest of its cast. */
const cheap = { memoryCost: 8, timeCost: 1, parallelism: 1 }

/**
 * The whole service in this process, until the test file ends: on a database, and where the project says so on a
 * Redis, of the file's own, with the cast signed in.
 */
export async function startService(environment: Record<string, string> = {}): Promise<Service> {
  Object.assign(process.env, {
    DATABASE_URL: await freshDatabase(),
    SESSION_SECRET: 'only for tests, only for tests',
    PORT: '0',
    HOST: '127.0.0.1',
    REGISTRATION: 'open',
    RATE_LIMITS: 'off',
    LOG_LEVEL: 'fatal',
    ...environment,
  })
  // Not before: whatever is imported reads the configuration.
  const { startWorker } = await import('../worker.ts')
  const { addCast } = await import('../demo/fill.ts')
  const worker = await startWorker(() => {})
  afterAll(() => worker.close())
  await addCast(await hash(password, cheap))
  const address = `http://127.0.0.1:${worker.port}`
  const signedIn = await Promise.all(
    names.map(async (name) => [name, await new Person(address).signIn(name)]),
  )
  return { ...Object.fromEntries(signedIn), address, live: worker.live, guest: () => new Person(address) }
}
