import { expect, test } from 'vitest'
import { z } from 'zod'
import { startService } from '../testing/service.ts'

const { anna, bartek, guest } = await startService()
const { mounted } = await import('./endpoint.ts')
const { SocketQuery } = await import('./sockets.ts')
const conversation = await anna.talkTo(bartek)
const writing = mounted.filter(({ method }) => method !== 'get')

/** A path with its parameters filled in. */
const fill = (path: string, id: string | number = conversation) =>
  path.replace(/:\w+/g, encodeURIComponent(id))
const title = ({ method, path }: { method: string; path: string }) => `${method.toUpperCase()} ${path}`
const each = (list: typeof mounted) => list.map((endpoint) => [title(endpoint), endpoint] as const)

/** Of the sister systems, whose clients know errors as `{detail}`. */
const ofSisterSystems = /^(?:[A-Z]+ )?\/(?:auth|chats|messages|users|api\/v1)(?:\/|\?| |$)/

/** @param what begins with method and path */
function expectProblem(answer: Awaited<ReturnType<typeof anna.get>>, what: string, ...statuses: number[]) {
  const { status, headers, body } = answer
  expect(statuses, `${what} → ${status} ${JSON.stringify(body)}`).toContain(status)
  expect(headers.get('x-request-id'), what).toBeTruthy()
  if (ofSisterSystems.test(what)) return void expect(body, what).toMatchObject({ detail: expect.any(String) })
  expect(headers.get('content-type'), what).toMatch(/^application\/problem\+json/)
  expect(body, what).toMatchObject({ status, title: expect.any(String), detail: expect.any(String) })
  expect(body.code, what).toMatch(/^[a-z_]+$/)
}

const ids = [
  'abc',
  '0',
  '-1',
  '1.5',
  '1e3',
  '0x10',
  ' 1',
  '9223372036854775808',
  '99999999999999999999',
  '%00',
  '١',
  "1'--",
  '..',
  'null',
]
const texts = ['a\0b', '\ud800', 'x'.repeat(70_000)]
const values = [
  null,
  true,
  0,
  -1,
  1.5,
  '',
  [],
  {},
  [null],
  { $ne: '' },
  'a\0b',
  '\ud83d',
  'x'.repeat(70_000),
  Number.MAX_SAFE_INTEGER,
  '1',
]

/** The names of all that a body may hold, at any depth, and one that it may not. */
function fieldsOf(body: z.ZodType): string[] {
  const names = new Set(['unheard_of'])
  JSON.stringify(z.toJSONSchema(body, { io: 'input', unrepresentable: 'any' }), (key, value) => {
    if (key === 'properties') for (const name of Object.keys(value)) names.add(name)
    return value
  })
  return [...names]
}

test('exactly the endpoints of the contract, and those of the sister systems, are mounted', async () => {
  const { endpoints } = await import('../contract/endpoints.ts')
  const sisters = await Promise.all([
    import('../clients/messenger-core/endpoints.ts'),
    import('../clients/nodus/endpoints.ts'),
    import('../clients/presence/endpoints.ts'),
  ])
  const declared = Object.assign({}, endpoints, ...sisters.map(({ endpoints }) => endpoints))
  expect(mounted.map(title).sort()).toEqual(Object.keys(declared).sort())
})

test.each(each(mounted.filter(({ open }) => !open)))(
  '%s needs somebody signed in',
  async (what, { method, path }) => {
    expectProblem(await guest().request(method.toUpperCase(), fill(path)), what, 401)
  },
)

test.each(each(mounted.filter(({ path }) => path.includes(':'))))(
  '%s refuses what is no id',
  async (_, { method, path }) => {
    for (const id of ids) {
      const answer = await anna.request(method.toUpperCase(), fill(path, id))
      expectProblem(answer, `${title({ method, path })} ${id}`, 400, 404)
    }
    const longest = await anna.request(method.toUpperCase(), fill(path, '999999999999999'))
    expectProblem(longest, title({ method, path }), 404, 400)
  },
)

test.each(each(writing))('%s refuses bodies that are not JSON', async (what, { method, path }) => {
  const send = (body: string | Uint8Array<ArrayBuffer>, type = 'application/json', more = {}) =>
    anna.request(method.toUpperCase(), fill(path), { body, headers: { 'content-type': type, ...more } })
  for (const body of ['{', '{"a":', "{'a':1}", 'undefined', '\u0000', '{"a":1}}'])
    expectProblem(await send(body), `${what} ${body}`, 400)
  expectProblem(await send(new Uint8Array([0xff, 0xfe, 0x00])), what, 400)
  expectProblem(await send('{}', 'application/json; charset=klingon'), what, 415)
  expectProblem(await send('{}', 'application/json', { 'content-encoding': 'klingon' }), what, 415)
  expectProblem(await send(`{"content":"${'x'.repeat(300_000)}"}`), what, 413)
})

test.each(each(writing.filter(({ body }) => body)))(
  '%s refuses bodies of another shape',
  async (what, { method, path }) => {
    const send = (body: unknown, type?: string) =>
      anna.request(method.toUpperCase(), fill(path), {
        body: typeof body === 'string' ? body : JSON.stringify(body),
        headers: { 'content-type': type ?? 'application/json' },
      })
    for (const body of [[], [[]], 1, null])
      expectProblem(await send(body), `${what} ${JSON.stringify(body)}`, 400)
    expectProblem(await send('a=b', 'text/plain'), what, 415)
    expectProblem(await send('<a/>', 'application/xml'), what, 415)
  },
)

test.each(each(writing.filter(({ body }) => body)))(
  '%s never breaks, whatever a field holds',
  async (what, { method, path, body: schema }) => {
    for (const field of fieldsOf(schema!)) {
      for (const value of values) {
        const body = JSON.stringify({ [field]: value, __proto__: { admin: true }, constructor: 1 })
        const answer = await guestOrAnna(path).request(method.toUpperCase(), fill(path), {
          body,
          headers: { 'content-type': 'application/json' },
        })
        expect(answer.status, `${what} ${body.slice(0, 80)}`).toBeLessThan(500)
        if (answer.status >= 400)
          expectProblem(answer, `${what} ${body.slice(0, 80)}`, 400, 401, 403, 404, 409, 413)
      }
    }
  },
)

/** Signing in and out would change who anna is. */
const guestOrAnna = (path: string) => (path.includes('/auth/') ? guest() : anna)

test('texts that PostgreSQL cannot store are refused, and no others', async () => {
  for (const content of texts) {
    const answer = await anna.post(`/api/conversations/${conversation}/messages`, { content })
    expectProblem(answer, content.slice(0, 10), 400, 413)
  }
  expect(
    (await anna.post(`/api/conversations/${conversation}/messages`, { content: 'zwykły 👍' })).status,
  ).toBe(201)
})

// A stream has no end to wait for, and a WebSocket is asked for in another way.
const isStream = ({ path, query }: (typeof mounted)[number]) =>
  path === '/api/messages/stream' || query === SocketQuery
// What is said of an upload is tested where it is made of something (attachments/voice.test.ts).
const isAsked = (endpoint: (typeof mounted)[number]) =>
  endpoint.query && !endpoint.upload && !isStream(endpoint)
test.each(each(mounted.filter(isAsked)))('%s refuses queries that do not fit', async (what, { path }) => {
  const names = ['limit', 'cursor', 'filter', 'before_id', 'after_id', 'around_id', 'at', 'query', 'q']
  const odd = [
    '0',
    '-1',
    '101',
    'abc',
    '1.5',
    '',
    '%00',
    '%F0%9F',
    '[]',
    '999999999999999999',
    'x'.repeat(200),
  ]
  for (const name of names)
    for (const value of odd) {
      const answer = await anna.get(`${fill(path)}?${name}=${value}`)
      expect([200, 400], `${what}?${name}=${value} → ${answer.status}`).toContain(answer.status)
      if (answer.status === 400) expectProblem(answer, what, 400)
    }
  expectProblem(await anna.get(`${fill(path)}?limit=1&limit=2`), what, 400)
})

const isWhole = ({ method, query, media }: (typeof mounted)[number]) =>
  method === 'get' && !media && query !== SocketQuery
test.each(each(mounted.filter(isWhole)))(
  '%s is answered whole, whatever the caller says to have',
  async (_, { path }) => {
    const needed = '?limit=1&q=dzień&chat_id=1&kind=images&after_seq=0&ids=1'
    const asked = (headers: Record<string, string>) => anna.request('GET', fill(path) + needed, { headers })
    expect((await asked({ 'if-none-match': '*' })).status).toBe((await asked({})).status)
  },
)

test('a page accepts only one of before, after and around', async () => {
  expectProblem(
    await anna.get(`/api/conversations/${conversation}/messages?before_id=1&after_id=1`),
    'two places',
    400,
  )
})

test('an unknown path is a problem too', async () => {
  expectProblem(await anna.get('/api/nothing'), 'GET /api/nothing', 404)
  expectProblem(await anna.request('DELETE', '/api/conversations'), 'DELETE /api/conversations', 404)
  for (const path of ['/api/v1', '/api/v1/', '/api/v1/nothing', '/api/v1/messages/1/nothing'])
    for (const method of ['GET', 'POST', 'PATCH', 'DELETE'])
      expectProblem(await anna.request(method, path), `${method} ${path}`, 404)
  expectProblem(await anna.get('/api/conversations/%E0%A4%A'), 'broken encoding', 400)
})
