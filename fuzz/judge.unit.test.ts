import { expect, test } from 'vitest'
import type { Actor } from './actors.ts'
import { ApiDocument } from './document.ts'
import { judge } from './judge.ts'
import type { Asked } from './requests.ts'
import { sessionSecret } from './rig.ts'
import { marker } from './scene.ts'
import type { Answered } from './send.ts'

const schema = { type: 'object', required: ['id'], properties: { id: { type: 'integer' } } }
const problem = { type: 'object', required: ['code'], properties: { code: { type: 'string' } } }
const document = new ApiDocument({
  paths: {
    '/api/things': {
      get: {
        parameters: [],
        responses: {
          200: { content: { 'application/json': { schema } } },
          204: {},
          404: { $ref: '#/components/responses/Problem404' },
        },
      },
    },
  },
  components: {
    schemas: {
      Problem: problem,
      Detail: { type: 'object', required: ['detail'], properties: { detail: {} } },
    },
    responses: {
      Problem404: {
        content: {
          'application/problem+json': {
            schema: { $ref: '#/components/schemas/Problem' },
            examples: { not_found: {} },
          },
        },
      },
    },
  },
})

const somebody = { email: 'a@fuzz.example', secrets: new Set(['own-token']) } as unknown as Actor
const another = { email: 'b@fuzz.example', secrets: new Set(['other-token']) } as unknown as Actor
const scene = {
  actors: [somebody, another],
  keepers: [{ ...another, email: 'keeper@fuzz.example' } as Actor],
}
const asked = { actor: somebody, operation: document.operations[0]!, method: 'GET', isRouted: true } as Asked

const said = (status: number, body: unknown, type = 'application/json'): Answered => ({
  status,
  type,
  body,
  text: typeof body === 'string' ? body : JSON.stringify(body),
  headers: { 'x-request-id': 'x' },
  ms: 1,
})
const json = 'application/problem+json'

test.each<[what: string, answer: Answered]>([
  ['what is asked for', said(200, { id: 7 })],
  ['nothing, where that is documented', said(204, '', '')],
  ['a problem', said(404, { code: 'not_found' }, json)],
  ['one’s own secrets', said(200, { id: 7 })],
])('%s is a good answer', (_, answer) => {
  expect(judge(asked, answer, document, scene)).toEqual([])
})

test.each<[complaint: string, answer: Answered]>([
  ['answers 500', said(500, { code: 'internal' }, json)],
  ['answers 503', said(503, { code: 'unavailable' }, json)],
  ['status 409 is not documented', said(409, { code: 'conflict' }, json)],
  ['code odd is not documented', said(404, { code: 'odd' }, json)],
  ['has a body, though none is documented', said(204, 'x', '')],
  ['has the type text/html, not application/json', said(200, '<html>', 'text/html')],
  ['does not fit its schema: data/id must be integer', said(200, { id: '7' })],
  ['does not fit its schema: data must NOT have additional properties', said(200, { id: 7, more: 1 })],
  ["does not fit its schema: data must have required property 'code'", said(404, { id: 7 }, json)],
  ['shows a stack trace', said(404, { code: 'Error: x\n    at handle (/srv/app.ts:1:2)' }, json)],
  ['shows SQL', said(404, { code: 'syntax error at or near "x"' }, json)],
  ['shows a hash of a password', said(404, { code: '$argon2id$v=19$m=1' }, json)],
  ['shows the session secret', said(404, { code: sessionSecret }, json)],
  ['shows what is in the vault', said(404, { code: marker }, json)],
  ['shows a secret of somebody else', said(404, { code: 'other-token' }, json)],
  ['shows a secret of somebody else', said(404, { code: 'keeper@fuzz.example' }, json)],
  ['has no X-Request-Id', { ...said(200, { id: 7 }), headers: {} }],
  ['is no JSON', { ...said(404, undefined, json), text: '{' }],
])('it is seen that an answer %s', (complaint, answer) => {
  expect(judge(asked, answer, document, scene)).toContain(complaint)
})

test('what is no answer of an operation is a problem of either kind', () => {
  const elsewhere = { ...asked, isRouted: false }
  expect(judge(elsewhere, said(404, { detail: 'x' }), document, scene)).toEqual([])
  expect(judge(elsewhere, said(404, { id: 7 }), document, scene)).toHaveLength(1)
})
