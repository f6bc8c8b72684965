import type { Answer, EndpointName, Endpoints } from '../server/contract/endpoints.ts'
import type { Problem as ProblemBody } from '../server/contract/problem.ts'
import { retryPause } from './retry.ts'

/** A request that did not succeed; status 0 when no answer came at all. */
export class Problem extends Error {
  readonly status: number
  readonly code: string
  /** Seconds the server asks to wait. */
  readonly retryAfter: number

  constructor(status: number, body: Partial<ProblemBody>, retryAfter = 0) {
    super(body.detail ?? 'No answer')
    this.status = status
    this.code = body.code ?? 'network'
    this.retryAfter = retryAfter
  }

  /** Whether the same request may succeed later. */
  get passing(): boolean {
    return this.status === 0 || this.status === 408 || this.status === 429 || this.status >= 500
  }
}

/** A server that took the request and fell answers never; then it is tried again. Milliseconds. */
const maxWaitMs = 20_000

/** What a part of a question is before the server has parsed it. */
type Part<Name extends EndpointName, Key extends string> = Endpoints[Name] extends {
  [K in Key]: { _zod: { input: infer Input } }
}
  ? { [K in Key]: Key extends 'body' ? Input : Loose<Input> }
  : { [K in Key]?: never }
/** In an address everything is text; what is null or undefined is left out. */
type Loose<Input> = { [Field in keyof Input]: Input[Field] | number | null }

/** What an endpoint is asked with. */
export type Question<Name extends EndpointName> = Part<Name, 'params'> &
  Part<Name, 'query'> &
  Part<Name, 'body'> & { signal?: AbortSignal | undefined }

interface AnyQuestion {
  params?: Values
  query?: Values
  body?: object
  signal?: AbortSignal
}
type Values = Record<string, string | number | null | undefined>

/** Asks an endpoint of the contract. @throws Problem, or the signal's reason */
export async function ask<Name extends EndpointName>(
  name: Name,
  question: Question<Name>,
): Promise<Answer<Name>> {
  const { body, signal } = question as AnyQuestion
  const { response, answer } = await fetchAnswer(
    addressOf(name, question as AnyQuestion),
    {
      method: name.split(' ')[0]!,
      headers: { Accept: 'application/json', ...(body && { 'Content-Type': 'application/json' }) },
      ...(body && { body: JSON.stringify(body) }),
    },
    signal,
  )
  if (response.ok) return answer as Answer<Name>
  // Not before whoever asked has kept what was written: leaving cuts off the rest.
  if (response.status === 401) setTimeout(leaveToSignIn)
  throw new Problem(
    response.status,
    (answer ?? {}) as Partial<ProblemBody>,
    Number(response.headers.get('Retry-After')),
  )
}

/** The same for what changes nothing: asked again by itself when the server says that it comes too early. */
export async function read<Name extends EndpointName & `GET ${string}`>(
  name: Name,
  question: Question<Name>,
): Promise<Answer<Name>> {
  const { signal = new AbortController().signal } = question
  for (let failures = 0; ; failures++) {
    try {
      return await ask(name, question)
    } catch (error) {
      if (!(error instanceof Problem) || error.status !== 429) throw error
      await retryPause(failures, error.retryAfter, signal)
      signal.throwIfAborted()
    }
  }
}

function addressOf(name: EndpointName, { params = {}, query = {} }: AnyQuestion): string {
  const path = name.split(' ')[1]!.replace(/:(\w+)/g, (_, key) => encodeURIComponent(String(params[key])))
  const given = Object.entries(query).filter(([, value]) => value !== undefined && value !== null)
  const search = new URLSearchParams(given.map(([key, value]) => [key, String(value)]))
  return search.size > 0 ? `${path}?${search}` : path
}

/** Not by `AbortSignal.any` and `timeout`, which keep every request until its time would have been over. */
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
  // Only of a refusal less than all is enough.
  return response.ok ? response.json() : response.json().catch(() => ({}))
}

export function leaveToSignIn(): void {
  location.assign(`/logowanie?next=${encodeURIComponent(location.pathname)}`)
}
