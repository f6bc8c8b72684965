import type { Problem as ProblemBody } from '../contract/problem.ts'
import { STATUS_CODES } from './http.ts'

type Detail = ProblemBody['errors']

/** Thrown to answer with an error; the error handler turns it into problem+json (RFC 9457). */
export class Problem extends Error {
  readonly status: number
  readonly code: string
  readonly errors: Detail
  readonly retryAfter: number | undefined
  readonly draft: ProblemBody['draft']

  /** @param retryAfter seconds */
  constructor(
    status: number,
    code: string,
    detail: string,
    more: { errors?: Detail; retryAfter?: number; draft?: ProblemBody['draft'] } = {},
  ) {
    super(detail)
    this.status = status
    this.code = code
    this.errors = more.errors
    this.retryAfter = more.retryAfter
    this.draft = more.draft
  }

  body(): ProblemBody {
    return {
      type: 'about:blank',
      title: STATUS_CODES[this.status] ?? 'Error',
      status: this.status,
      detail: this.message,
      code: this.code,
      ...(this.errors && { errors: this.errors }),
      ...(this.draft && { draft: this.draft }),
    }
  }
}

export const invalid = (detail: string, errors?: Detail) =>
  new Problem(400, 'validation_failed', detail, errors ? { errors } : {})
export const unauthenticated = (detail = 'Sign in first.') => new Problem(401, 'unauthenticated', detail)
export const invalidToken = () => unauthenticated('The access token is not valid, or not any more.')
export const forbidden = (detail: string, code = 'forbidden') => new Problem(403, code, detail)
/** The same answer for what does not exist and for what the caller may not know of. */
export const notFound = () => new Problem(404, 'not_found', 'Not found.')
export const conflict = (detail: string) => new Problem(409, 'conflict', detail)
export const unavailable = () =>
  new Problem(503, 'unavailable', 'The service cannot do this right now. Try again in a moment.', {
    retryAfter: 2,
  })
