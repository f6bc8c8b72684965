import { expect, test } from 'vitest'
import { OpenApi } from '../testing/openapi.ts'
import { type Answer, type Person, startService } from '../testing/service.ts'

const service = await startService()
const { anna, bartek, celina } = service
const api = new OpenApi((await service.guest().get('/api/openapi.json')).body)

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
  const response = api.find(method, path).operation.responses[status]
  expect(response).toBeDefined()
  const content = api.contentOf(response!)
  if (!content) return expect(body).toBe('')
  expect(headers.get('content-type')).toContain(
    status < 400 ? 'application/json' : 'application/problem+json',
  )
  expect(api.read(content.schema).parse(body)).toEqual(body)
})

test('a schema of the document refuses what the service would never answer', () => {
  const { schema } = api.contentOf(api.find('get', '/api/users/me').operation.responses[200]!)!
  for (const wrong of [{}, { user: null }, { user: { id: '7' } }])
    expect(api.read(schema).safeParse(wrong).success).toBe(false)
})
