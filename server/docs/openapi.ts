import { z } from 'zod'
import packaged from '../../package.json' with { type: 'json' }
import { statusesOf } from '../contract/endpoints.ts'
import { Problem } from '../contract/problem.ts'
import { mounted } from '../web/endpoint.ts'
import { cookieName } from '../web/session.ts'
import { sockets } from '../web/sockets.ts'
import { parametersOf } from './parameters.ts'
import { refusalComponents, refusalsOf } from './problems.ts'
import { Schemas } from './schemas.ts'
import { sentenceOf } from './sentences.ts'
import { operationIdOf, tagOf, tags } from './tags.ts'

type Endpoint = (typeof mounted)[number]

const Detail = z.object({ detail: z.string() }).meta({ id: 'Detail' })

const description = `Sign in with \`POST /api/auth/login\`, or with a bearer token from \`POST /auth/login\`.
Times are UTC, ISO 8601; answers may grow further fields. What happens meanwhile comes as a stream, or through a WebSocket:
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
  return body && { 'application/json': { schema: schemas.of(body, 'input') } }
}

function successesOf(endpoint: Endpoint, schemas: Schemas): Record<string, object> {
  if (sockets.some(({ address }) => address === endpoint.path))
    return { 101: { description: 'The connection becomes a WebSocket.' } }
  const statuses = statusesOf(endpoint)
  const content = contentOf(endpoint, schemas)
  return Object.fromEntries(
    statuses.map((status) => [status, { description: said(status, statuses), ...(content && { content }) }]),
  )
}

function said(status: number, among: readonly number[]): string {
  if (status === 201) return 'Made.'
  return among.length > 1 ? 'It was there already.' : 'Done.'
}

function contentOf({ answer, otherwise, media }: Endpoint, schemas: Schemas): object | undefined {
  if (media) return { [media]: { schema: { type: 'string', format: 'binary' } } }
  const shapes = [answer, otherwise].flatMap((shape) => (shape ? schemas.of(shape, 'output') : []))
  return answer && { 'application/json': { schema: shapes.length > 1 ? { anyOf: shapes } : shapes[0] } }
}
