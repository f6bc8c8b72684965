import { expect, test } from 'vitest'
import { Random } from '../chaos/random.ts'
import { Actor } from './actors.ts'
import { ApiDocument } from './document.ts'
import { Pool } from './pool.ts'
import { makeRequest } from './requests.ts'

const text = { type: 'string', maxLength: 20 }
const document = new ApiDocument({
  paths: {
    '/api/conversations/{id}/things': {
      post: {
        parameters: [
          { name: 'id', in: 'path', required: true, schema: { type: 'integer', minimum: 1 } },
          {
            name: 'limit',
            in: 'query',
            required: false,
            schema: { type: 'integer', minimum: 1, maximum: 100 },
          },
        ],
        requestBody: {
          content: {
            'application/json': {
              schema: {
                type: 'object',
                required: ['name'],
                properties: { name: text, user_id: { type: 'integer' } },
              },
            },
          },
        },
        responses: {},
      },
    },
  },
  components: { schemas: {}, responses: {} },
})
const pool = new Pool()
for (const id of [41, 42]) pool.add('conversation', id)
pool.add('user', 7)
const actor = new Actor('http://127.0.0.1', 'somebody')
const made = (seed: number) =>
  makeRequest(document.operations[0]!, actor, { document, pool, emails: [], password: '' }, new Random(seed))
const all = Array.from({ length: 2000 }, (_, seed) => made(seed))

test('the same seed makes the same request', () => {
  for (const seed of [1, 2, 3]) expect(made(seed)).toEqual(made(seed))
})

test('requests name what is there, and fit, half of the time', () => {
  const real = all.filter(({ path }) => /^\/api\/conversations\/4[12]\/things(?:\?limit=\d+)?$/.test(path))
  expect(real.length).toBeGreaterThan(1000)
  expect(all.filter(({ body }) => body?.includes('"user_id":7')).length).toBeGreaterThan(50)
})

test.each<[what: string, pattern: RegExp]>([
  ['U+0000', /\\u0000/],
  ['half of a surrogate pair', /\\ud800/],
  ['a key of the prototype', /"__proto__"/],
  ['a number beyond 2^53', /9223372036854775808|1e400/],
  ['a date out of range', /275760|0000-01-01/],
  ['a body that is broken', /^\{$|NaN/],
])('some hold %s', (_, pattern) => {
  expect(all.some(({ body }) => pattern.test(body?.toString() ?? ''))).toBe(true)
})

test.each<[what: string, pattern: RegExp]>([
  ['a parameter twice', /limit=\d+.*&limit=/],
  ['a cursor or number that is none', /limit=(?:abc|W10|-1|x{3000}|null|0x10)/],
  ['an id that is none', /conversations\/(?:0|-1|1\.5|null|%00)\//],
])('some addresses hold %s', (_, pattern) => {
  expect(all.some(({ path }) => pattern.test(path))).toBe(true)
})

test('some bodies are too large', () => {
  expect(all.some(({ body }) => (body?.length ?? 0) > 256 * 1024)).toBe(true)
})

test('some have a type that is no JSON’s', () => {
  const types = new Set(all.map(({ headers }) => headers['content-type']))
  expect([...types]).toEqual(expect.arrayContaining(['text/plain', 'application/xml', 'application/json']))
})
