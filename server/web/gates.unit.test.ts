import express, { type Request } from 'express'
import { afterAll, expect, test } from 'vitest'
import { z } from 'zod'
import { cursorText, writeCursor } from '../contract/cursor.ts'
import { ById, idNumber, idText, pageLimit, searched, text } from '../contract/fields.ts'
import { callerOf } from './caller.ts'
import { mount, mounted } from './endpoint.ts'
import { answerProblem, notFoundHandler } from './errors.ts'
import { addHealthCheck, health } from './health.ts'
import { conflict, Problem, unauthenticated, unavailable } from './problem.ts'
import { requestId } from './request-id.ts'
import { sameSite } from './same-site.ts'
import { securityHeaders } from './security-headers.ts'

/** What every request meets on its way, with endpoints behind it that do nothing. */
const app = express()
app.use(requestId, securityHeaders, health, sameSite, express.json())
app.use((req, _res, next) => {
  if (req.get('x-user')) (req as { user?: unknown }).user = { id: Number(req.get('x-user')) }
  next()
})
const open = true as const
const Body = z.object({ name: z.string() })
mount(app, 'GET /mine/:id', { params: ById, query: z.object({ q: z.string().optional() }) }, {}, (call) => ({
  id: call.params.id,
  q: call.query.q,
  user: call.user.id,
}))
mount(app, 'POST /open', { open, body: Body }, {}, ({ body, res }) => {
  res.status(201)
  return body
})
mount(app, 'POST /silent', { open }, {}, () => undefined)
mount(app, 'POST /empty', { open, body: z.object({}) }, {}, ({ body }) => body)
mount(app, 'GET /own-answer', { open }, {}, ({ res }) => void res.send('sent'))
mount(app, 'GET /conflict', { open }, {}, () => {
  throw conflict('Somebody was first.')
})
mount(app, 'GET /away', { open }, {}, () => {
  throw unavailable()
})
app.use(notFoundHandler, answerProblem)
const server = app.listen(0)
afterAll(() => server.close())
const base = () => `http://localhost:${(server.address() as { port: number }).port}`
const ask = async (method: string, path: string, headers: Record<string, string> = {}, body?: string) => {
  const answer = await fetch(base() + path, { method, headers, ...(body !== undefined && { body }) })
  const said = await answer.text()
  return {
    status: answer.status,
    headers: answer.headers,
    body: said.startsWith('{') ? JSON.parse(said) : said,
  }
}
const json = { 'content-type': 'application/json' }

test('every answer forbids browser features that no page needs, and caching', async () => {
  const { headers } = await ask('GET', '/nothing')
  expect(Object.fromEntries(headers)).toMatchObject({
    'content-security-policy':
      "default-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; script-src 'self'; " +
      "style-src 'self'; img-src 'self' data: blob:; media-src 'self'; connect-src 'self'; manifest-src 'self'; " +
      "worker-src 'self'; report-uri /api/csp-reports",
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'same-origin',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'cache-control': 'no-store',
  })
})

test.each(['proxy-given.id_1', 'a'.repeat(8), 'a'.repeat(64)])(
  'the request id %j of a proxy is kept',
  async (id) => {
    expect((await ask('GET', '/open', { 'x-request-id': id })).headers.get('x-request-id')).toBe(id)
  },
)

test.each(['a'.repeat(7), 'a'.repeat(65), 'with blank', 'quo"te-quote', ''])(
  'the id %j of whoever it is becomes one of ours',
  async (id) => {
    const given = (await ask('GET', '/open', { 'x-request-id': id })).headers.get('x-request-id')
    expect(given).toMatch(/^[0-9a-f-]{36}$/)
  },
)

test.each<[headers: Record<string, string>, isLetIn: boolean]>([
  [{}, true],
  [{ 'sec-fetch-site': 'same-origin' }, true],
  [{ 'sec-fetch-site': 'none' }, true],
  [{ 'sec-fetch-site': 'same-site' }, false],
  [{ 'sec-fetch-site': 'cross-site' }, false],
  [{ 'sec-fetch-site': 'same-origin', origin: 'https://elsewhere.example' }, true],
  [{ origin: 'https://elsewhere.example' }, false],
  [{ origin: 'null' }, false],
])('a write with %o is accepted: %s', async (headers, isLetIn) => {
  const answer = await ask('POST', '/silent', headers)
  expect([answer.status, answer.body.code]).toEqual(isLetIn ? [204, undefined] : [403, 'cross_site'])
  expect((await ask('GET', '/own-answer', headers)).status).toBe(200)
})

test('a write from the service’s own address is accepted', async () => {
  expect((await ask('POST', '/silent', { origin: base() })).status).toBe(204)
})

test('an endpoint gets its input as parsed by its schemas, and answers with what it returns', async () => {
  expect(await ask('GET', '/mine/12?q=x', { 'x-user': '7' })).toMatchObject({
    status: 200,
    body: { id: 12, q: 'x', user: 7 },
  })
  expect(await ask('POST', '/open', json, '{"name":"a","more":1}')).toMatchObject({
    status: 201,
    body: { name: 'a' },
  })
  expect(await ask('POST', '/silent')).toMatchObject({ status: 204, body: '' })
  expect(await ask('POST', '/empty')).toMatchObject({ status: 200, body: {} })
  expect(await ask('GET', '/own-answer')).toMatchObject({ status: 200, body: 'sent' })
})

test('the list of mounted endpoints has each with its schemas', () => {
  expect(mounted.find(({ path }) => path === '/mine/:id')).toMatchObject({
    method: 'get',
    params: ById,
  })
  expect(mounted.find(({ path }) => path === '/open')).toMatchObject({ open: true, body: Body })
})

test.each<[string, () => ReturnType<typeof ask>, number, string, object?]>([
  ['no one is signed in', () => ask('GET', '/mine/12'), 401, 'unauthenticated'],
  [
    'the path is invalid',
    () => ask('GET', '/mine/abc', { 'x-user': '7' }),
    400,
    'validation_failed',
    { detail: 'The path is invalid.', errors: [{ path: 'id', message: 'must be an id' }] },
  ],
  [
    'the body is invalid',
    () => ask('POST', '/open', json, '{"name":1}'),
    400,
    'validation_failed',
    { detail: 'The body is invalid.', errors: [{ path: 'name', message: expect.any(String) }] },
  ],
  ['there is no body', () => ask('POST', '/open'), 400, 'validation_failed'],
  ['the body is not JSON', () => ask('POST', '/open', json, '{'), 400, 'validation_failed'],
  [
    'the body is text',
    () => ask('POST', '/open', { 'content-type': 'text/plain' }, 'x'),
    415,
    'unsupported_media_type',
  ],
  ['there is no such path', () => ask('GET', '/nowhere'), 404, 'not_found'],
  ['someone was first', () => ask('GET', '/conflict'), 409, 'conflict', { detail: 'Somebody was first.' }],
  ['the database is away', () => ask('GET', '/away'), 503, 'unavailable'],
])('when %s, the answer is a problem that says so', async (_, asked, status, code, more = {}) => {
  const answer = await asked()
  expect(answer.status).toBe(status)
  expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/)
  expect(answer.headers.get('retry-after')).toBe(status === 503 ? '2' : null)
  expect(answer.body).toMatchObject({
    type: 'about:blank',
    title: expect.stringMatching(/^[A-Z]/),
    status,
    code,
    detail: expect.stringMatching(/^[A-Z].*\.$/),
    ...more,
  })
})

test('a problem with an unknown status has a title too', () => {
  expect(new Problem(799, 'odd', 'Odd.').body()).toEqual({
    type: 'about:blank',
    title: 'Error',
    status: 799,
    detail: 'Odd.',
    code: 'odd',
  })
  expect(unauthenticated().body()).toMatchObject({ status: 401, detail: 'Sign in first.' })
})

test('the service is ready when everything it depends on answers', async () => {
  for (const path of ['/healthz', '/health'])
    expect(await ask('GET', path)).toMatchObject({ status: 200, body: { status: 'ok' } })
  expect(await ask('GET', '/readyz')).toMatchObject({ status: 200, body: {} })
  addHealthCheck('database', async () => 1)
  expect(await ask('GET', '/readyz')).toMatchObject({ status: 200, body: { database: 'ok' } })
  addHealthCheck('redis', async () => Promise.reject(new Error('away')))
  const half = await ask('GET', '/readyz')
  expect([half.status, half.body]).toEqual([503, { database: 'ok', redis: 'away' }])
  addHealthCheck('redis', () => new Promise(() => {}))
  const silent = await ask('GET', '/readyz')
  expect([silent.status, silent.body]).toEqual([503, { database: 'ok', redis: 'away' }])
})

const reads = (schema: z.ZodType, value: unknown) => {
  const read = schema.safeParse(value)
  return read.success ? read.data : 'refused'
}

test.each<[string, z.ZodType, [given: unknown, read: unknown][]]>([
  [
    'an id in a path',
    idText,
    [
      ['1', 1],
      ['999999999999999', 999_999_999_999_999],
      ['0', 'refused'],
      ['01', 'refused'],
      ['-1', 'refused'],
      ['1.0', 'refused'],
      ['1e3', 'refused'],
      [' 1', 'refused'],
      ['1 ', 'refused'],
      ['1000000000000000', 'refused'],
      ['', 'refused'],
    ],
  ],
  [
    'an id in a body',
    idNumber,
    [
      [1, 1],
      [999_999_999_999_999, 999_999_999_999_999],
      [0, 'refused'],
      [1.5, 'refused'],
      ['1', 'refused'],
      [1_000_000_000_000_000, 'refused'],
    ],
  ],
  [
    'the size of a page',
    pageLimit(30),
    [
      [undefined, 30],
      ['1', 1],
      ['100', 100],
      ['0', 'refused'],
      ['101', 'refused'],
      ['x', 'refused'],
      ['1x', 'refused'],
      ['x1', 'refused'],
      ['00001', 'refused'],
    ],
  ],
  [
    'text',
    text,
    [
      ['ż\n', 'ż\n'],
      ['a\0b', 'refused'],
      ['\ud800', 'refused'],
      ['😀', '😀'],
    ],
  ],
  [
    'search text',
    searched,
    [
      [' zażółć ', 'zażółć'],
      ['x'.repeat(100), 'x'.repeat(100)],
      ['x'.repeat(101), 'refused'],
      ['\0', 'refused'],
    ],
  ],
  [
    'a cursor',
    cursorText(z.tuple([z.string(), z.number()]), 40),
    [
      [writeCursor(['ż', 3]), ['ż', 3]],
      [writeCursor(['ż']), 'refused'],
      [writeCursor(['x'.repeat(40), 3]), 'refused'],
      ['no cursor', 'refused'],
      ['', 'refused'],
    ],
  ],
])('%s is read, or refused', (_, schema, cases) => {
  for (const [given, read] of cases) expect([given, reads(schema, given)]).toEqual([given, read])
})

test('an invalid cursor is explained', () => {
  const { error } = cursorText(z.tuple([z.number()]), 40).safeParse('x')
  expect(error?.issues).toMatchObject([{ message: 'must be a next_cursor of an earlier page' }])
})

test.each([
  ['192.0.2.7', '192.0.2.7'],
  ['::ffff:192.0.2.7', '192.0.2.7'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
  ['nonsense', 'nonsense'],
  [undefined, ''],
])('a caller from %s is counted as %j', (ip, counted) => {
  expect(callerOf({ ip } as Request)).toBe(counted)
})
