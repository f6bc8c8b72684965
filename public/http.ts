import type { Answer, EndpointName, Endpoints } from '../server/contract/endpoints.ts'
import type { Problem as ProblemBody } from '../server/contract/problem.ts'
import { retryDelay } from './retry.ts'

/** A failed request; status 0 when there was no response at all. */
export class Problem extends Error {
  readonly status: number
  readonly code: string
  readonly draft: ProblemBody['draft']
  /** Seconds. */
  readonly retryAfter: number

  constructor(status: number, body: Partial<ProblemBody>, retryAfter = 0) {
    super(body.detail ?? 'No answer')
    this.status = status
    this.code = body.code ?? 'network'
    this.draft = body.draft
    this.retryAfter = retryAfter
  }

  /** Whether the same request may succeed later. */
  get isTransient(): boolean {
    return this.status === 0 || this.status === 408 || this.status === 429 || this.status >= 500
  }
}

/** A server that crashed with the request will never respond. */
const maxWaitMs = 20_000

/** What a part of a request is before the server parses it. */
type Part<Name extends EndpointName, Key extends string> = Endpoints[Name] extends {
  [K in Key]: { _zod: { input: infer Input } }
}
  ? { [K in Key]: Key extends 'body' ? Input : Loose<Input> }
  : { [K in Key]?: never }
/** In a URL everything is text; null and undefined are left out. */
type Loose<Input> = { [Field in keyof Input]: Input[Field] | number | null }

export type RequestOptions<Name extends EndpointName> = Part<Name, 'params'> &
  Part<Name, 'query'> &
  Part<Name, 'body'> & {
    signal?: AbortSignal | undefined
    /** Goes on when the page is left. */
    keepalive?: boolean
  }

interface AnyRequestOptions {
  params?: Values
  query?: Values
  body?: object
  signal?: AbortSignal
  keepalive?: boolean
}
type Values = Record<string, string | number | null | undefined>

/** Calls an endpoint of the contract. @throws Problem, or the signal's reason */
export async function request<Name extends EndpointName>(
  name: Name,
  options: RequestOptions<Name>,
): Promise<Answer<Name>> {
  const { body, signal, keepalive } = options as AnyRequestOptions
  const { response, answer } = await fetchAnswer(
    addressOf(name, options as AnyRequestOptions),
    {
      method: name.split(' ')[0]!,
      headers: { Accept: 'application/json', ...(body && { 'Content-Type': 'application/json' }) },
      ...(body && { body: JSON.stringify(body) }),
      keepalive: keepalive ?? false,
    },
    signal,
  )
  if (response.ok) return answer as Answer<Name>
  // After the caller has saved what was written: leaving the page cuts off the rest.
  if (response.status === 401) setTimeout(leaveToSignIn)
  throw new Problem(
    response.status,
    (answer ?? {}) as Partial<ProblemBody>,
    Number(response.headers.get('Retry-After')),
  )
}

/** For what changes nothing: retried when the server answers 429. */
export async function requestWithRetry<Name extends EndpointName & `GET ${string}`>(
  name: Name,
  question: RequestOptions<Name>,
): Promise<Answer<Name>> {
  const { signal = new AbortController().signal } = question
  for (let failures = 0; ; failures++) {
    try {
      return await request(name, question)
    } catch (error) {
      if (!(error instanceof Problem) || error.status !== 429) throw error
      await retryDelay(failures, error.retryAfter, signal)
      signal.throwIfAborted()
    }
  }
}

function addressOf(name: EndpointName, { params = {}, query = {} }: AnyRequestOptions): string {
  const path = name.split(' ')[1]!.replace(/:(\w+)/g, (_, key) => encodeURIComponent(String(params[key])))
  const given = Object.entries(query).filter(([, value]) => value !== undefined && value !== null)
  const search = new URLSearchParams(given.map(([key, value]) => [key, String(value)]))
  return search.size > 0 ? `${path}?${search}` : path
}

/** `AbortSignal.any` and `AbortSignal.timeout` would retain every request until its timeout. */
async function fetchAnswer(path: string, init: RequestInit, signal: AbortSignal | undefined) {
  const ending = new AbortController()
  const end = () => ending.abort()
  const timer = setTimeout(end, maxWaitMs)
  signal?.addEventListener('abort', end)
  try {
    signal?.throwIfAborted()
    const response = await fetch(path, { ...init, signal: ending.signal })
    return { response, answer: await answerOf(response) }
  } catch {
    signal?.throwIfAborted()
    throw new Problem(0, {})
  } finally {
    clearTimeout(timer)
    signal?.removeEventListener('abort', end)
  }
}

async function answerOf(response: Response): Promise<unknown> {
  if (response.status === 204) return undefined
  // An error may come without a body; a success may not.
  return response.ok ? response.json() : response.json().catch(() => ({}))
}

export function leaveToSignIn(): void {
  location.assign(`/logowanie?next=${encodeURIComponent(location.pathname)}`)
}
