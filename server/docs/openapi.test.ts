import { expect, test } from 'vitest'
import { z } from 'zod'
import { type Answer, type Person, startService } from '../testing/service.ts'

const service = await startService()
const { anna, bartek, celina } = service
const { mounted } = await import('../web/endpoint.ts')

const Ref = z.strictObject({ $ref: z.string() })
const Json = z.record(z.string(), z.unknown())
const Content = z.record(
  z.string().regex(/^[\w*-]+\/[\w*+.-]+$/),
  z.strictObject({ schema: Json, examples: Json.optional() }),
)
const Answered = z.strictObject({
  description: z.string().min(1),
  headers: Json.optional(),
  content: Content.optional(),
})
const Operation = z.strictObject({
  operationId: z.string().regex(/^[a-z][A-Za-z0-9]+$/),
  tags: z.array(z.string()).length(1),
  summary: z.string().regex(/^[A-Z].*\.$/),
  description: z
    .string()
    .regex(/^[A-Z].*\.$/s)
    .optional(),
  security: z.array(z.never()).optional(),
  parameters: z.array(
    z.strictObject({
      name: z.string(),
      in: z.enum(['path', 'query']),
      required: z.boolean(),
      description: z.string().optional(),
      schema: Json,
      explode: z.boolean().optional(),
    }),
  ),
  requestBody: z.strictObject({ required: z.boolean(), content: Content }).optional(),
  responses: z.record(z.string().regex(/^[1-5]\d\d$/), z.union([Ref, Answered])),
})
/** What OpenAPI 3.1 says of a document, as far as this one makes use of it, and what we ask of ours. */
const Document = z.strictObject({
  openapi: z.string().regex(/^3\.1\.\d+$/),
  info: z.strictObject({ title: z.string(), version: z.string(), description: z.string() }),
  tags: z.array(z.strictObject({ name: z.string(), description: z.string() })),
  security: z.array(z.record(z.string(), z.array(z.never()))),
  paths: z.record(
    z.string().startsWith('/'),
    z.partialRecord(z.enum(['get', 'put', 'post', 'patch', 'delete']), Operation),
  ),
  components: z.strictObject({
    schemas: z.record(z.string().regex(/^[\w.-]+$/), Json),
    responses: z.record(z.string(), Answered),
    securitySchemes: z.record(z.string(), Json),
  }),
})

const answer = await service.guest().get('/api/openapi.json')
const document = Document.parse(answer.body)
const operations = Object.entries(document.paths).flatMap(([path, item]) =>
  Object.entries(item).map(([method, operation]) => ({ path, method, operation })),
)
const find = (method: string, path: string) =>
  operations.find((each) => each.method === method && each.path === path)!

/** A schema of the document, as zod reads it: what is checked by it has been through the document. */
const read = (schema: object) =>
  z.fromJSONSchema(
    JSON.parse(
      JSON.stringify({ ...schema, $defs: document.components.schemas }).replaceAll(
        '#/components/schemas/',
        '#/$defs/',
      ),
    ),
  )

function contentOf(response: z.infer<typeof Ref> | z.infer<typeof Answered>) {
  const found =
    '$ref' in response ? document.components.responses[response.$ref.split('/').at(-1)!]! : response
  return Object.values(found.content ?? {})[0]
}

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
  const { parameters } = find('get', '/api/conversations/{id}/messages').operation
  expect(parameters[0]).toEqual({
    name: 'id',
    in: 'path',
    required: true,
    schema: { type: 'integer', minimum: 1, maximum: 999_999_999_999_999 },
  })
  expect(parameters[1]).toMatchObject({
    name: 'limit',
    in: 'query',
    required: false,
    schema: { type: 'integer', minimum: 1, maximum: 100, default: 50 },
  })
  const [ids] = find('get', '/api/users/presence').operation.parameters
  expect(ids).toMatchObject({
    required: true,
    explode: false,
    schema: { type: 'array', items: { type: 'integer' } },
  })
})

test('every schema is one that JSON Schema knows, and every example fits its schema', () => {
  for (const schema of all('schema', document.paths)) expect(() => read(schema as object)).not.toThrow()
  const shown = Object.entries(document.components.schemas).filter(([, { examples }]) => examples)
  expect(shown.map(([name]) => name)).toEqual(
    expect.arrayContaining(['Message', 'Conversation', 'NewMessageBody']),
  )
  for (const [name, { examples, ...schema }] of shown)
    for (const example of examples as unknown[])
      expect(read(schema).safeParse(example).error, name).toBeUndefined()
})

test('every answer has a schema, and every refusal an example that fits', () => {
  for (const { method, path, operation } of operations)
    for (const [status, response] of Object.entries(operation.responses)) {
      const content = contentOf(response)
      if (status === '204' || status === '101') expect(content).toBeUndefined()
      else expect(content?.schema, `${method} ${path} ${status}`).toBeTruthy()
      const examples = Object.values(content?.examples ?? {}) as { value: unknown }[]
      expect(Number(status) < 400 || examples.length > 0).toBe(true)
      for (const { value } of examples) expect(read(content!.schema).parse(value)).toEqual(value)
    }
})

test('an endpoint lists the refusals that it can answer with, and no others', () => {
  const statusesOf = (method: string, path: string) =>
    Object.keys(find(method, path).operation.responses).map(Number)
  expect(statusesOf('get', '/api/users/me')).toEqual([200, 401, 429, 503])
  expect(statusesOf('post', '/api/presence/heartbeat')).toEqual([204, 400, 401, 403, 413, 415, 429, 503])
  expect(statusesOf('post', '/api/auth/register')).toEqual([201, 400, 403, 409, 413, 415, 429, 503])
  expect(statusesOf('post', '/api/auth/login')).toContain(401)
  expect(statusesOf('post', '/api/conversations')).toEqual([200, 201, 400, 401, 403, 404, 413, 415, 429, 503])
})

const conversation = await anna.talkTo(bartek)
const said = await anna.say(conversation, 'Dzień dobry')
const form = () => {
  const body = new FormData()
  body.set('file', new File(['treść'], 'a.txt', { type: 'text/plain' }))
  return body
}
const fresh = { email: 'nowa@example.org', username: 'nowa', password: 'tajne tajne' }

/** Requests to the main endpoints, each with what the document says of it. */
test.each<[name: string, status: number, ask: (who: Person) => Promise<Answer>]>([
  ['post /api/auth/register', 201, () => service.guest().post('/api/auth/register', fresh)],
  ['post /api/auth/register', 409, () => service.guest().post('/api/auth/register', fresh)],
  [
    'post /api/auth/login',
    401,
    () => service.guest().post('/api/auth/login', { ...fresh, password: 'inne' }),
  ],
  ['get /api/users/me', 200, (who) => who.get('/api/users/me')],
  ['get /api/users/me', 401, () => service.guest().get('/api/users/me')],
  ['get /api/users', 200, (who) => who.get('/api/users?query=bar')],
  ['get /api/users/presence', 200, (who) => who.get(`/api/users/presence?ids=${bartek.id},${celina.id}`)],
  ['get /api/users/{id}', 404, (who) => who.get('/api/users/999999')],
  ['get /api/conversations', 200, (who) => who.get('/api/conversations')],
  ['post /api/conversations', 200, (who) => who.post('/api/conversations', { user_id: bartek.id })],
  [
    'post /api/conversations',
    201,
    (who) => who.post('/api/conversations', { name: 'X', member_ids: [celina.id] }),
  ],
  ['get /api/conversations/{id}', 200, (who) => who.get(`/api/conversations/${conversation}`)],
  [
    'patch /api/conversations/{id}',
    403,
    (who) => who.patch(`/api/conversations/${conversation}`, { name: 'X' }),
  ],
  [
    'get /api/conversations/{id}/messages',
    200,
    (who) => who.get(`/api/conversations/${conversation}/messages`),
  ],
  ['get /api/conversations/{id}/messages', 400, (who) => who.get('/api/conversations/x/messages')],
  [
    'get /api/conversations/{id}/changes',
    200,
    (who) => who.get(`/api/conversations/${conversation}/changes?after_seq=0`),
  ],
  ['get /api/conversations/{id}/pins', 200, (who) => who.get(`/api/conversations/${conversation}/pins`)],
  [
    'post /api/conversations/{id}/messages',
    201,
    (who) => who.post(`/api/conversations/${conversation}/messages`, { content: 'x' }),
  ],
  [
    'patch /api/messages/{id}',
    200,
    (who) => who.patch(`/api/messages/${said.id}`, { content: 'Dobry wieczór' }),
  ],
  [
    'post /api/messages/{id}/reactions',
    201,
    (who) => who.post(`/api/messages/${said.id}/reactions`, { emoji: '👍' }),
  ],
  [
    'post /api/messages/{id}/reactions',
    200,
    (who) => who.post(`/api/messages/${said.id}/reactions`, { emoji: '👍' }),
  ],
  ['post /api/messages/{id}/pin', 204, (who) => who.post(`/api/messages/${said.id}/pin`)],
  [
    'post /api/messages/{id}/forward',
    201,
    (who) => who.post(`/api/messages/${said.id}/forward`, { conversation_ids: [conversation] }),
  ],
  ['post /api/messages/upload', 201, (who) => who.request('POST', '/api/messages/upload', { body: form() })],
  ['post /api/messages/upload', 415, (who) => who.request('POST', '/api/messages/upload', { body: 'x' })],
])('%s answers %i as the document has it', async (name, status, ask) => {
  const { status: answered, headers, body } = await ask(anna)
  expect(answered).toBe(status)
  const [method, path] = name.split(' ') as [string, string]
  const response = find(method, path).operation.responses[status]
  expect(response).toBeDefined()
  const content = contentOf(response!)
  if (!content) return expect(body).toBe('')
  expect(headers.get('content-type')).toContain(
    status < 400 ? 'application/json' : 'application/problem+json',
  )
  expect(read(content.schema).parse(body)).toEqual(body)
})

test('a schema of the document refuses what the service would never answer', () => {
  const { schema } = contentOf(find('get', '/api/users/me').operation.responses[200]!)!
  for (const wrong of [{}, { user: null }, { user: { id: '7' } }])
    expect(read(schema).safeParse(wrong).success).toBe(false)
})
