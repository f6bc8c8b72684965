import { Ajv2020 } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import { expect, test } from 'vitest'
import { OpenApi } from '../testing/openapi.ts'
import { startService } from '../testing/service.ts'

const service = await startService()
const { mounted } = await import('../web/endpoint.ts')
const answer = await service.guest().get('/api/openapi.json')
const api = new OpenApi(answer.body)
const { document, operations } = api

/** Every value of a key in a document, however deep. */
function all(key: string, within: unknown): unknown[] {
  if (typeof within !== 'object' || within === null) return []
  return Object.entries(within).flatMap(([name, value]) => (name === key ? [value] : all(key, value)))
}

test('the document is open to everybody, and made once', async () => {
  expect([answer.status, answer.headers.get('content-type')]).toEqual([
    200,
    'application/json; charset=utf-8',
  ])
  const plain = await fetch(`${service.address}/api/openapi.json`, {
    headers: { 'accept-encoding': 'identity' },
  })
  expect(plain.headers.get('content-encoding')).toBeNull()
  expect(await plain.json()).toEqual(answer.body)
})

test('every endpoint that is mounted is in the document, with a sentence, and nothing else', () => {
  const described = operations.map(({ method, path }) => `${method} ${path}`)
  expect(described.sort()).toEqual(
    mounted.map(({ method, path }) => `${method} ${path.replace(/:(\w+)/g, '{$1}')}`).sort(),
  )
})

test('every operation has a name of its own and a tag that is explained', () => {
  const names = operations.map(({ operation }) => operation.operationId)
  expect(names).toEqual([...new Set(names)])
  const tags = document.tags.map(({ name }) => name)
  for (const { operation } of operations) expect(tags).toContain(operation.tags[0])
  expect(names).toContain('getConversationsByIdMessages')
})

test('every reference leads somewhere', () => {
  const targets = all('$ref', document)
  expect(targets.length).toBeGreaterThan(100)
  for (const target of targets) {
    const path = (target as string).slice(2).split('/')
    const found = path.reduce<unknown>(
      (at, key) => (at as Record<string, unknown> | undefined)?.[key],
      document,
    )
    expect(found, target as string).toBeTruthy()
  }
})

test('every parameter of a path is declared, and those of a query say whether they are needed', () => {
  for (const { path, operation } of operations) {
    const declared = operation.parameters.filter((each) => each.in === 'path')
    expect(declared.map(({ name }) => `{${name}}`).sort(), path).toEqual(
      (path.match(/\{\w+\}/g) ?? []).sort(),
    )
    expect(declared.every(({ required }) => required)).toBe(true)
  }
  const { parameters } = api.find('get', '/api/conversations/{id}/messages').operation
  expect(parameters[0]).toEqual({
    name: 'id',
    in: 'path',
    required: true,
    schema: { type: 'integer', minimum: 1, maximum: 999_999_999_999_999 },
    example: 42,
  })
  expect(parameters[1]).toMatchObject({
    name: 'limit',
    in: 'query',
    required: false,
    schema: { type: 'integer', minimum: 1, maximum: 100, default: 50 },
  })
  const [ids] = api.find('get', '/api/users/presence').operation.parameters
  expect(ids).toMatchObject({
    required: true,
    explode: false,
    schema: { type: 'array', items: { type: 'integer' } },
  })
})

test('every schema is one that JSON Schema knows, and every example fits its schema', () => {
  for (const schema of all('schema', document.paths)) expect(() => api.read(schema as object)).not.toThrow()
  const shown = Object.entries(document.components.schemas).filter(([, { examples }]) => examples)
  expect(shown.map(([name]) => name)).toEqual(
    expect.arrayContaining(['Message', 'Conversation', 'NewMessageBody']),
  )
  for (const [name, { examples, ...schema }] of shown)
    for (const example of examples as unknown[])
      expect(api.read(schema).safeParse(example).error, name).toBeUndefined()
})

test('every question, answer and refusal has a schema, and but for files examples that fit it', () => {
  for (const { method, path, operation } of operations)
    for (const [what, content] of contentsOf(operation)) {
      const where = `${method} ${path} ${what}`
      if (['101', '204', '304'].includes(what)) expect(content, where).toBeUndefined()
      else expect(content?.schema, where).toBeTruthy()
      const examples = Object.values(content?.examples ?? {}) as { value: unknown }[]
      const isFile = content && JSON.stringify(content.schema).includes('"format":"binary"')
      expect(examples.length > 0, where).toBe(Boolean(content && !isFile))
      for (const { value } of examples) expect(fits(content!.schema, value), where).toBe('fits')
    }
})

/** Each with the status, or `question`. */
const contentsOf = ({ requestBody, responses }: (typeof operations)[number]['operation']) => [
  ...(requestBody ? [['question', Object.values(requestBody.content)[0]] as const] : []),
  ...Object.entries(responses).map(([status, response]) => [status, api.contentOf(response)] as const),
]

/** By JSON Schema itself, with what it says of formats. */
const ajv = new Ajv2020({ strict: false })
addFormats.default(ajv)
ajv.addSchema({ ...document, $id: 'api' })
const compiled = new Map<string, ReturnType<typeof ajv.compile>>()
function fits(schema: object, value: unknown): string {
  const text = JSON.stringify(schema).replaceAll('"#/', '"api#/')
  const validate = compiled.get(text) ?? ajv.compile(JSON.parse(text))
  compiled.set(text, validate)
  return validate(value) ? 'fits' : `${JSON.stringify(value)}: ${ajv.errorsText(validate.errors)}`
}

test('each example of a question is one that the service accepts', () => {
  for (const { method, path, body } of mounted.filter((each) => each.body)) {
    const { content } = api.find(method, path.replace(/:(\w+)/g, '{$1}')).operation.requestBody!
    for (const { value } of Object.values(content['application/json']!.examples!) as { value: unknown }[])
      expect(
        body!.safeParse(later(value)).error,
        `${method} ${path} ${JSON.stringify(value)}`,
      ).toBeUndefined()
  }
})

/** Times of examples have passed. */
const later = (value: unknown) =>
  JSON.parse(
    JSON.stringify(value)
      .replaceAll('"2026-03-02T', `"${new Date().getUTCFullYear() + 1}-03-02T`)
      .replaceAll('2026-03-05T', `${new Date().getUTCFullYear() + 1}-01-05T`),
  )

test('an endpoint lists the refusals that it can answer with, and no others', () => {
  const statusesOf = (method: string, path: string) =>
    Object.keys(api.find(method, path).operation.responses).map(Number)
  expect(statusesOf('get', '/api/users/me')).toEqual([200, 401, 403, 429, 503])
  expect(statusesOf('post', '/api/presence/heartbeat')).toEqual([204, 400, 401, 403, 413, 415, 429, 503])
  expect(statusesOf('post', '/api/auth/register')).toEqual([201, 400, 401, 403, 409, 413, 415, 429, 503])
  expect(statusesOf('post', '/api/auth/login')).toContain(401)
  expect(statusesOf('post', '/api/conversations')).toEqual([200, 201, 400, 401, 403, 404, 413, 415, 429, 503])
})
