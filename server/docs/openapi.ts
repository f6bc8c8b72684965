import { z } from 'zod'
import packaged from '../../package.json' with { type: 'json' }
import { statusesOf } from '../contract/endpoints.ts'
import { Problem } from '../contract/problem.ts'
import { mounted } from '../web/endpoint.ts'
import { cookieName } from '../web/session.ts'
import { exampleOf } from './example.ts'
import { parametersOf } from './parameters.ts'
import { isFile, isSocket, refusalComponents, refusalsOf } from './problems.ts'
import { type Json, Schemas } from './schemas.ts'
import { sentenceOf } from './sentences.ts'
import { operationIdOf, tagOf, tags } from './tags.ts'

type Endpoint = (typeof mounted)[number]

const Detail = z.object({ detail: z.string() }).meta({ id: 'Detail' })

const description = `Sign in with \`POST /api/auth/login\`, or with a bearer token from \`POST /auth/login\`.
Times are UTC, ISO 8601; answers may grow further fields. A request whose head is larger than 16 KiB is refused with 431.
 What happens meanwhile comes as a stream, or through a WebSocket:
[asyncapi.json](/api/asyncapi.json).`

/** Every endpoint that is mounted, as an OpenAPI 3.1 document. */
export function openApi(): object {
  const schemas = new Schemas('draft-2020-12')
  const paths = pathsOf(schemas)
  for (const schema of [Problem, Detail]) schemas.of(schema, 'output')
  return {
    openapi: '3.1.0',
    info: { title: 'Rozmowa', version: packaged.version, description },
    tags: [...tags].reverse().map(({ name, description }) => ({ name, description })),
    security: [{ session: [] }, { bearer: [] }],
    paths,
    components: {
      schemas: schemas.named,
      responses: refusalComponents(),
      securitySchemes: {
        session: { type: 'apiKey', in: 'cookie', name: cookieName },
        bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' },
      },
    },
  }
}

function pathsOf(schemas: Schemas): Record<string, Record<string, object>> {
  const paths: Record<string, Record<string, object>> = {}
  for (const endpoint of mounted) {
    const path = endpoint.path.replace(/:(\w+)/g, '{$1}')
    paths[path] = { ...paths[path], [endpoint.method]: operation(endpoint, schemas) }
  }
  return paths
}

function operation(endpoint: Endpoint, schemas: Schemas): object {
  const { method, path, open } = endpoint
  const { conflict, ...sentence } = sentenceOf(`${method.toUpperCase()} ${path}`) ?? {}
  const tag = tagOf(path)
  const body = bodyOf(endpoint, schemas)
  return {
    operationId: operationIdOf(method, path),
    tags: [tag.name],
    ...sentence,
    ...(open && { security: [] }),
    parameters: parametersOf(path, endpoint, schemas),
    ...(body && { requestBody: { required: !endpoint.body?.safeParse({}).success, content: body } }),
    responses: {
      ...successesOf(endpoint, schemas),
      ...refusalsOf(endpoint, conflict, tag.prefix ? 'Detail' : 'Problem'),
    },
  }
}

const file = {
  type: 'object',
  required: ['file'],
  properties: { file: { type: 'string', format: 'binary' } },
}

function bodyOf({ body, upload }: Endpoint, schemas: Schemas): object | undefined {
  if (upload) return { 'multipart/form-data': { schema: file } }
  return body && { 'application/json': shown(schemas.of(body, 'input'), schemas) }
}

function successesOf(endpoint: Endpoint, schemas: Schemas): Record<string, object> {
  if (isSocket(endpoint.path)) return { 101: { description: 'The connection becomes a WebSocket.' } }
  const statuses = statusesOf(endpoint)
  const content = contentOf(endpoint, schemas)
  const whole = statuses.map((status) => [
    status,
    { description: said(status, statuses), ...(content && { content }) },
  ])
  const partly = isFile(endpoint.media)
    ? { 206: { description: 'A piece of it, as `Range` asks.', content }, 304: unchanged }
    : {}
  return { ...Object.fromEntries(whole), ...partly }
}

const unchanged = { description: 'It is what the caller has already, as `If-None-Match` says.' }

function said(status: number, among: readonly number[]): string {
  if (status === 201) return 'Made.'
  return among.length > 1 ? 'It was there already.' : 'Done.'
}

function contentOf({ answer, otherwise, media }: Endpoint, schemas: Schemas): object | undefined {
  if (media) return { [media]: { schema: { type: 'string', format: 'binary' } } }
  if (!answer) return undefined
  const shape = schemas.of(answer, 'output')
  const either = otherwise && ({ anyOf: [shape, schemas.of(otherwise, 'output')] } as Json)
  return { 'application/json': shown(either ?? shape, schemas) }
}

/** With an example of each form that it may have. */
function shown(schema: Json, { named }: Schemas): object {
  const whole = schema.$ref ? named[schema.$ref.split('/').at(-1)!]! : schema
  const forms = whole.examples ? [whole] : ((whole.anyOf as Json[] | undefined) ?? [whole])
  const examples = forms.map((form, i) => [`form${i + 1}`, { value: exampleOf(form, named) }])
  return { schema, examples: Object.fromEntries(examples) }
}
