import type { Request, RequestHandler, Response, Router } from 'express'
import type { z } from 'zod'
import type { OwnUser } from '../live/events.ts'
import { callerOf } from './caller.ts'
import { type Limit, spend } from './limits.ts'
import { invalid, Problem, unauthenticated } from './problem.ts'
import { readFor } from './reads.ts'

type Method = 'get' | 'post' | 'patch' | 'delete'
type Parsed<S> = S extends z.ZodType ? z.output<S> : undefined

export interface Schemas {
  params?: z.ZodType | undefined
  query?: z.ZodType | undefined
  body?: z.ZodType | undefined
}

interface Call<S extends Schemas> {
  params: Parsed<S['params']>
  query: Parsed<S['query']>
  body: Parsed<S['body']>
  user: OwnUser
  req: Request
  res: Response
}

interface Endpoint extends Schemas {
  method: Method
  path: string
  open: boolean
}

/** Every endpoint of the API with its schemas, in the order of declaration. */
export const endpoints: Endpoint[] = []

/**
 * Declares an endpoint of the JSON API on a router. Path, query and body are parsed by their schemas before the
 * handler runs, so inside it types are trusted. What the handler returns is the answer: 200 with that JSON, 204
 * for nothing; another status is set on `res` by the handler.
 *
 * `open` endpoints serve people who are not signed in; their `user` must not be read. `limit` counts the requests of
 * a user, or of an address. What a user reads is counted by its size, unless the handler `streams` it: a file.
 */
export function endpoint<S extends Schemas>(
  router: Router,
  method: Method,
  path: string,
  {
    open = false,
    limit,
    streams = false,
    ...schemas
  }: S & { open?: boolean; limit?: Limit; streams?: boolean },
  handle: (call: Call<S>) => unknown,
): void {
  endpoints.push({ method, path, open, ...schemas })
  const handler: RequestHandler = async (req, res) => {
    if (!open && !req.user) throw unauthenticated()
    if (limit) await spend(limit, req.user?.id ?? callerOf(req))
    const call = {
      params: parse(schemas.params, req.params, 'path'),
      query: parse(schemas.query, req.query, 'query'),
      body: parse(schemas.body, bodyOf(req), 'body'),
      user: req.user,
      req,
      res,
    } as Call<S>
    if (method === 'get' && !open && !streams) {
      const read = async () => JSON.stringify(await handle(call))
      return void res.type('json').send(await readFor(call.user.id, read))
    }
    const answer = await handle(call)
    if (res.headersSent) return
    if (answer === undefined) res.status(204).end()
    else res.json(answer)
  }
  router[method](path, handler)
}

/** A body that is not JSON is told so, rather than that its fields are missing. */
function bodyOf(req: Request): unknown {
  const length = Number(req.get('content-length') ?? 0)
  if (req.body === undefined && (length > 0 || req.get('transfer-encoding')))
    throw new Problem(415, 'unsupported_media_type', 'The body must be application/json.')
  return req.body === undefined ? {} : req.body
}

function parse(schema: z.ZodType | undefined, value: unknown, where: string): unknown {
  if (!schema) return undefined
  const read = schema.safeParse(value)
  if (read.success) return read.data
  throw invalid(
    `The ${where} does not fit.`,
    read.error.issues.map((issue) => ({ path: issue.path.join('.'), message: issue.message })),
  )
}
