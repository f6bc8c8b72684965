import { z } from 'zod'
import type { Declaration } from '../contract/endpoints.ts'
import { Problem } from '../web/problem.ts'
import { sockets } from '../web/sockets.ts'

interface Refusal {
  description: string
  /** The codes, each with what a person reads of it. */
  codes: Record<string, string>
}

/** Every status with which a request is refused. */
const refusals: Record<number, Refusal> = {
  400: {
    description: 'Body, query or path do not fit, or hold what cannot be stored.',
    codes: {
      validation_failed: 'The body is invalid.',
      infected: 'The file is infected, says the virus scanner.',
    },
  },
  401: {
    description: 'No valid session or token.',
    codes: { unauthenticated: 'Sign in first.' },
  },
  403: {
    description: 'The caller may see it, but not do this.',
    codes: {
      forbidden: 'The message is someone else’s.',
      edit_window_expired: 'A message can be edited for 24 hours.',
      cross_site: 'Write requests from another site are refused.',
      insecure_proxy: 'The proxy does not say X-Forwarded-Proto: https.',
    },
  },
  404: {
    description: 'There is no such thing, or none that the caller may know of.',
    codes: { not_found: 'Not found.' },
  },
  409: {
    description: 'It collides with what is there.',
    codes: { conflict: 'This username is already in use.' },
  },
  413: {
    description: 'The body is too large.',
    codes: { payload_too_large: 'The body is larger than 256 KiB.' },
  },
  415: {
    description: 'The body has a type that is not supported.',
    codes: { unsupported_media_type: 'The body must be application/json.' },
  },
  416: {
    description: 'The file has no such piece.',
    codes: { range_not_satisfiable: 'The file has only 48213 bytes.' },
  },
  426: {
    description: 'The address speaks WebSocket, and the request asks for none.',
    codes: { upgrade_required: 'This address speaks WebSocket.' },
  },
  429: {
    description: 'Too many requests; `Retry-After` says how many seconds to wait.',
    codes: { rate_limited: 'Too many requests. Try again in 7 s.' },
  },
  503: {
    description:
      'PostgreSQL or Redis is away; nothing was half-written. `Retry-After` says how many seconds to wait.',
    codes: { unavailable: 'The service cannot do this right now. Try again in a moment.' },
  },
}

const waiting = new Set([429, 503])
const retryAfter = { 'Retry-After': { description: 'Seconds.', schema: { type: 'integer', minimum: 1 } } }

/** How errors are written: as problems by the native API, as `{detail}` by those of the sister systems. */
export type Dialect = 'Problem' | 'Detail'

/** `components.responses`, in both dialects. */
export const refusalComponents = (): Record<string, unknown> =>
  Object.fromEntries(
    (['Problem', 'Detail'] as const).flatMap((dialect) =>
      Object.entries(refusals).map(([status, refusal]) => [
        `${dialect}${status}`,
        written(dialect, Number(status), refusal),
      ]),
    ),
  )

function written(dialect: Dialect, status: number, { description, codes }: Refusal) {
  const type = dialect === 'Problem' ? 'application/problem+json' : 'application/json'
  const examples = Object.entries(codes).map(([code, detail]) => {
    const value = dialect === 'Problem' ? new Problem(status, code, detail).body() : { detail }
    return [code, { value }]
  })
  return {
    description,
    ...(waiting.has(status) && { headers: retryAfter }),
    content: {
      [type]: {
        schema: { $ref: `#/components/schemas/${dialect}` },
        examples: Object.fromEntries(examples),
      },
    },
  }
}

/** A file, of which a piece may be asked for; a stream is none. */
export const isFile = (media: string | undefined) => media !== undefined && media !== 'text/event-stream'
export const isSocket = (path: string) => sockets.some(({ address }) => address === path)

/** The answers with which an endpoint refuses. @param conflict why it answers 409, if it does */
export function refusalsOf(
  { method, path, open, params, query, body, media }: Declaration & { method: string; path: string },
  conflict: string | undefined,
  dialect: Dialect,
): Record<string, unknown> {
  // Of every write the body is read before anything else, also where none is expected.
  const isSent = method !== 'get'
  const statuses = [
    (params || query || isSent) && 400,
    (!open || signingIn.test(path)) && 401,
    (!open || isSent) && 403,
    (params || [query, body].some(namesSomething)) && 404,
    isSent && 413,
    isSent && 415,
    isFile(media) && 416,
    isSocket(path) && 426,
    429,
    503,
  ].filter((status) => typeof status === 'number')
  const answers = statuses.map((status): [number, object] => [
    status,
    { $ref: `#/components/responses/${dialect}${status}` },
  ])
  if (conflict) answers.push([409, { ...written(dialect, 409, refusals[409]!), description: conflict }])
  return Object.fromEntries(answers)
}

const signingIn = /\/(?:login|refresh|register)$/
const ids = /"(?:chat|conversation|member|message|user)_ids?"/

/** Whether what is sent names something that may not be there. */
const namesSomething = (schema: z.ZodType | undefined): boolean =>
  schema !== undefined &&
  ids.test(JSON.stringify(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' })))
