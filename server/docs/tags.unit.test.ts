import { expect, test } from 'vitest'
import { z } from 'zod'
import { refusalsOf } from './problems.ts'
import { Schemas } from './schemas.ts'
import { operationIdOf, tagOf } from './tags.ts'

test.each([
  ['get', '/api/users/me', 'Rozmowa', 'getUsersMe'],
  ['delete', '/api/messages/:id/reactions/:emoji', 'Rozmowa', 'deleteMessagesByIdReactionsByEmoji'],
  ['get', '/users/me', 'Messenger Core', 'coreGetUsersMe'],
  ['patch', '/messages/:id/edit', 'Messenger Core', 'corePatchMessagesByIdEdit'],
  ['get', '/api/v1/messages', 'NODUS v2', 'nodusGetMessages'],
  ['get', '/api/v1/presence/:user_id', 'NODUS v2', 'nodusGetPresenceByUserId'],
  ['get', '/api/v1/presence/users', 'Presence', 'presenceGetPresenceUsers'],
  ['patch', '/api/v1/users/me/settings', 'Presence', 'presencePatchUsersMeSettings'],
])('%s %s belongs to %s, and is called %s', (method, path, tag, name) => {
  expect([tagOf(path).name, operationIdOf(method, path)]).toEqual([tag, name])
})

test('what is refused is said in the words of the system that it belongs to', () => {
  const endpoint = { method: 'get', path: '/messages', query: z.object({ chat_id: z.string() }) }
  expect(refusalsOf(endpoint, undefined, 'Detail')).toMatchObject({
    401: { $ref: '#/components/responses/Detail401' },
    404: { $ref: '#/components/responses/Detail404' },
  })
  expect(refusalsOf(endpoint, 'It is there.', 'Problem')[409]).toMatchObject({
    description: 'It is there.',
    content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
  })
})

test('a schema with a name is kept once, and two with one name are an error', () => {
  const schemas = new Schemas('draft-2020-12')
  const Shared = z.object({ id: z.int() }).meta({ id: 'Shared' })
  expect(schemas.of(z.array(Shared), 'output')).toMatchObject({
    items: { $ref: '#/components/schemas/Shared' },
  })
  expect(schemas.of(Shared, 'output')).toEqual({ $ref: '#/components/schemas/Shared' })
  expect(schemas.named).toEqual({
    Shared: { type: 'object', properties: { id: { type: 'integer' } }, required: ['id'] },
  })
  const other = z.object({ other: z.string() }).meta({ id: 'Shared' })
  expect(() => schemas.of(other, 'output')).toThrow('two schemas are named Shared')
})

test('a text that is tidied is described by what it may be when it is sent', () => {
  const schemas = new Schemas('draft-2020-12')
  const name = z
    .string()
    .transform((text) => text.trim())
    .pipe(z.string().min(2).max(9))
  expect(schemas.of(z.object({ name }), 'input').properties).toEqual({
    name: { type: 'string', minLength: 2, maxLength: 9 },
  })
})
