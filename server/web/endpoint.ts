import type { Request, RequestHandler, Response, Router } from 'express'
import type { z } from 'zod'
import {
  type Answer,
  type Declaration,
  type EndpointName,
  type Endpoints,
  endpoints,
  type Otherwise,
} from '../contract/endpoints.ts'
import type { Scope } from '../contract/scopes.ts'
import type { OwnUser } from '../contract/users.ts'
import { callerOf } from './caller.ts'
import { type Limit, spend } from './limits.ts'
import { forbidden, invalid, invalidToken, Problem, unauthenticated } from './problem.ts'
import { readFor } from './reads.ts'

type Method = 'get' | 'post' | 'put' | 'patch' | 'delete'
type Parsed<S> = S extends z.ZodType ? z.output<S> : undefined
type Part<D, Name extends string> = D extends { [Key in Name]: infer Schema } ? Parsed<Schema> : undefined

interface Call<D extends Declaration> {
  params: Part<D, 'params'>
  query: Part<D, 'query'>
  body: Part<D, 'body'>
  user: OwnUser
  req: Request
  res: Response
}

interface Options {
  /** Limits the requests of a user, or of a guest's address. */
  limit?: Limit
  /** The handler writes the answer itself, a file or a stream, which is not counted as a read. */
  streams?: boolean
}

interface Endpoint extends Declaration {
  method: Method
  path: string
}

type Result<Name extends EndpointName> =
  Answer<Name> extends undefined
    ? Promise<void> | undefined
    : Answer<Name> | Promise<Answer<Name> | Otherwise<Name>>

/** Every endpoint of the API with its schemas, in the order in which they were mounted. */
export const mounted: Endpoint[] = []

/**
 * Mounts an endpoint of the contract on a router. Path, query and body are parsed by their schemas before the handler
 * runs, so inside it types are trusted. What the handler returns is the answer: 200 with that JSON, 204 for nothing;
 * the handler sets another status on `res`. An `open` endpoint must not read `user`.
 */
export function endpoint<Name extends EndpointName>(
  router: Router,
  name: Name,
  options: Options,
  handle: (call: Call<Endpoints[Name]>) => Result<Name>,
): void {
  mount(router, name, endpoints[name] as Endpoints[Name], options, handle)
}

/** Like `endpoint`, for a declaration that is not in the contract. @param name method and path */
export function mount<D extends Declaration>(
  router: Router,
  name: string,
  declaration: D,
  { limit, streams = false }: Options,
  handle: (call: Call<D>) => unknown,
): void {
  const [verb, path] = name.split(' ') as [string, string]
  const method = verb.toLowerCase() as Method
  mounted.push({ method, path, ...declaration })
  const { open, params, query, body, scope }: Declaration = declaration
  const needed = scope ?? (method === 'get' ? 'read' : 'write')
  const handler: RequestHandler = async (req, res) => {
    // An answer made anew has no tag, but Express would take `*` for it.
    if (!streams) delete req.headers['if-none-match']
    if (!open) mustBeAllowed(req, needed)
    if (limit) await spend(limit, req.user?.id ?? callerOf(req))
    const call = {
      params: parse(params, req.params, 'path'),
      query: parse(query, req.query, 'query'),
      body: parse(body, bodyOf(req), 'body'),
      user: req.user,
      req,
      res,
    } as Call<D>
    if (method === 'get' && !open && !streams) {
      const read = async () => JSON.stringify(await handle(call))
      return void res.type('json').send(await readFor(call.user.id, read))
    }
    const answer = await handle(call)
    if (res.headersSent || !res.socket) return
    if (answer === undefined) res.status(204).end()
    else res.json(answer)
  }
  router[method](path, handler)
}

/** A token may do what it has the scope for; a cookie everything. @throws Problem 401, 403 */
function mustBeAllowed({ user, bearer }: Request, needed: Scope): void {
  if (!user && !bearer) throw unauthenticated()
  mustHaveScope(bearer, needed)
}

/** @throws Problem 401, 403 */
export function mustHaveScope(bearer: Request['bearer'], needed: Scope): void {
  if (bearer === 'refused') throw invalidToken()
  if (bearer && !bearer.has(needed)) throw forbidden(`The token lacks the scope “${needed}”.`)
}

/** For a body that is not JSON, this is the error, rather than its missing fields. */
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
    `The ${where} is invalid.`,
    read.error.issues.map((issue) => ({ path: issue.path.join('.'), message: issue.message })),
  )
}
