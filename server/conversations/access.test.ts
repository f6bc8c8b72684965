import { expect, test } from 'vitest'
import { type Answer, type Person, startService } from '../testing/service.ts'

/**
 * Who may do what, through every endpoint that names a conversation or a message. A new endpoint without a row
 * here fails the last test.
 */
const service = await startService()
const { anna, bartek, celina, dawid, ewa } = service
const { mounted } = await import('../web/endpoint.ts')
const encoded = encodeURIComponent('👍')

const aPoll = { question: 'Kto za?', options: ['Ja', 'Nie'], is_multiple: false, is_secret: false }

/** A group of Anna, who owns it, and Bartek and Ewa; Celina was in it; Dawid never was. */
async function scene() {
  const made = await anna.post('/api/conversations', {
    name: 'Scena',
    member_ids: [bartek.id, celina.id, ewa.id],
  })
  const { id } = made.body.conversation
  const annas = await anna.say(id, 'Anny')
  const bartkas = await bartek.say(id, 'Bartka')
  await anna.delete(`/api/conversations/${id}/members/${celina.id}`)
  const asked = await bartek.post(`/api/conversations/${id}/polls`, aPoll)
  return { id, annas: annas.id as number, bartkas: bartkas.id as number, poll: asked.body.message.id }
}
type Scene = Awaited<ReturnType<typeof scene>>

interface Row {
  of: string
  /** The request, made by any person. */
  ask: (who: Person, scene: Scene) => Promise<Answer>
  /** The status for the owner, a member, a removed member, a stranger and a guest. */
  gets: [owner: number, member: number, removed: number, stranger: number, guest: number]
}

const seen: Row['gets'] = [200, 200, 404, 404, 401]
/** Of what is everybody's own. */
const members: Row['gets'] = [200, 200, 200, 200, 401]
const done: Row['gets'] = [204, 204, 404, 404, 401]

const rows: Row[] = [
  { of: 'GET /api/conversations/:id', ask: (who, { id }) => who.get(`/api/conversations/${id}`), gets: seen },
  {
    of: 'PATCH /api/conversations/:id',
    ask: (who, { id }) => who.patch(`/api/conversations/${id}`, { name: 'Inna' }),
    gets: seen,
  },
  {
    of: 'DELETE /api/conversations/:id',
    ask: (who, { id }) => who.delete(`/api/conversations/${id}`),
    gets: [204, 403, 404, 404, 401],
  },
  {
    of: 'POST /api/conversations/:id/members',
    ask: (who, { id }) => who.post(`/api/conversations/${id}/members`, { user_ids: [dawid.id] }),
    gets: [200, 403, 404, 404, 401],
  },
  {
    of: 'DELETE /api/conversations/:id/members/:user_id',
    ask: (who, { id }) => who.delete(`/api/conversations/${id}/members/${ewa.id}`),
    gets: [204, 403, 404, 404, 401],
  },
  {
    of: 'DELETE /api/conversations/:id/members/:user_id',
    ask: (who, { id }) => who.delete(`/api/conversations/${id}/members/${who.id || 1}`),
    gets: done,
  },
  {
    of: 'PATCH /api/conversations/:id/settings',
    ask: (who, { id }) => who.patch(`/api/conversations/${id}/settings`, { is_muted: true }),
    gets: seen,
  },
  {
    of: 'GET /api/conversations/:id/messages',
    ask: (who, { id }) => who.get(`/api/conversations/${id}/messages`),
    gets: seen,
  },
  {
    of: 'GET /api/conversations/:id/messages',
    ask: (who, { id }) => who.get(`/api/conversations/${id}/messages?at=2026-01-01T00:00:00Z`),
    gets: seen,
  },
  {
    of: 'POST /api/conversations/:id/messages',
    ask: (who, { id }) => who.post(`/api/conversations/${id}/messages`, { content: 'x' }),
    gets: [201, 201, 404, 404, 401],
  },
  {
    of: 'POST /api/conversations/:id/read',
    ask: (who, { id }) => who.post(`/api/conversations/${id}/read`),
    gets: done,
  },
  {
    of: 'POST /api/conversations/:id/typing',
    ask: (who, { id }) => who.post(`/api/conversations/${id}/typing`),
    gets: done,
  },
  {
    of: 'GET /api/conversations/:id/changes',
    ask: (who, { id }) => who.get(`/api/conversations/${id}/changes?after_seq=0`),
    gets: seen,
  },
  {
    of: 'GET /api/conversations/:id/pins',
    ask: (who, { id }) => who.get(`/api/conversations/${id}/pins`),
    gets: seen,
  },
  {
    of: 'GET /api/conversations/:id/files',
    ask: (who, { id }) => who.get(`/api/conversations/${id}/files?kind=links`),
    gets: seen,
  },
  {
    of: 'PATCH /api/messages/:id',
    ask: (who, { annas }) => who.patch(`/api/messages/${annas}`, { content: 'x' }),
    gets: [200, 403, 404, 404, 401],
  },
  {
    of: 'PATCH /api/messages/:id',
    ask: (who, { bartkas }) => who.patch(`/api/messages/${bartkas}`, { content: 'x' }),
    gets: [403, 200, 404, 404, 401],
  },
  {
    of: 'DELETE /api/messages/:id',
    ask: (who, { bartkas }) => who.delete(`/api/messages/${bartkas}`),
    gets: [403, 204, 404, 404, 401],
  },
  {
    of: 'DELETE /api/messages/:id/preview',
    ask: (who, { bartkas }) => who.delete(`/api/messages/${bartkas}/preview`),
    gets: [403, 204, 404, 404, 401],
  },
  {
    of: 'POST /api/messages/:id/forward',
    ask: async (who, { annas }) =>
      who.post(`/api/messages/${annas}/forward`, { conversation_ids: [await notesOf(who)] }),
    gets: [201, 201, 404, 404, 401],
  },
  {
    of: 'POST /api/messages/:id/reactions',
    ask: (who, { annas }) => who.post(`/api/messages/${annas}/reactions`, { emoji: '👍' }),
    gets: [201, 201, 404, 404, 401],
  },
  {
    of: 'DELETE /api/messages/:id/reactions/:emoji',
    ask: (who, { annas }) => who.delete(`/api/messages/${annas}/reactions/${encoded}`),
    gets: done,
  },
  {
    of: 'POST /api/messages/:id/pin',
    ask: (who, { bartkas }) => who.post(`/api/messages/${bartkas}/pin`),
    gets: done,
  },
  {
    of: 'DELETE /api/messages/:id/pin',
    ask: (who, { bartkas }) => who.delete(`/api/messages/${bartkas}/pin`),
    gets: done,
  },
  {
    of: 'POST /api/conversations/:id/unread',
    ask: (who, { id, annas }) => who.post(`/api/conversations/${id}/unread`, { message_id: annas }),
    gets: done,
  },
  {
    of: 'POST /api/messages/:id/star',
    ask: (who, { bartkas }) => who.post(`/api/messages/${bartkas}/star`),
    gets: done,
  },
  {
    of: 'DELETE /api/messages/:id/star',
    ask: (who, { bartkas }) => who.delete(`/api/messages/${bartkas}/star`),
    gets: done,
  },
  {
    of: 'GET /api/messages/:id/readers',
    ask: (who, { bartkas }) => who.get(`/api/messages/${bartkas}/readers`),
    gets: seen,
  },
  {
    of: 'POST /api/conversations/:id/polls',
    ask: (who, { id }) => who.post(`/api/conversations/${id}/polls`, aPoll),
    gets: [201, 201, 404, 404, 401],
  },
  {
    of: 'GET /api/messages/:id/voters',
    ask: (who, { poll }) => who.get(`/api/messages/${poll}/voters`),
    gets: seen,
  },
  {
    of: 'GET /api/messages/:id/voters',
    ask: (who, { annas }) => who.get(`/api/messages/${annas}/voters`),
    gets: [403, 403, 404, 404, 401],
  },
  {
    of: 'PUT /api/messages/:id/votes',
    ask: (who, { poll }) => who.put(`/api/messages/${poll}/votes`, { option_ids: [1] }),
    gets: seen,
  },
  {
    of: 'PUT /api/messages/:id/votes',
    ask: (who, { annas }) => who.put(`/api/messages/${annas}/votes`, { option_ids: [1] }),
    gets: [403, 403, 404, 404, 401],
  },
  { of: 'GET /api/search', ask: (who) => who.get('/api/search?q=xx'), gets: members },
  {
    of: 'GET /api/search',
    ask: (who, { id }) => who.get(`/api/search?q=xx&conversation_id=${id}`),
    gets: seen,
  },
  {
    of: 'GET /api/conversations/:id/draft',
    ask: (who, { id }) => who.get(`/api/conversations/${id}/draft`),
    gets: seen,
  },
  {
    of: 'PUT /api/conversations/:id/draft',
    ask: (who, { id, annas }) =>
      who.put(`/api/conversations/${id}/draft`, { content: 'x', reply_to_id: annas, version: 0 }),
    gets: seen,
  },
  {
    of: 'DELETE /api/conversations/:id/draft',
    ask: (who, { id }) => who.delete(`/api/conversations/${id}/draft`),
    gets: done,
  },
  {
    of: 'POST /api/conversations/:id/messages',
    ask: (who, { id, annas }) =>
      who.post(`/api/conversations/${id}/messages`, {
        content: 'x',
        reply_to_id: annas,
        send_at: inAnHour(),
      }),
    gets: [201, 201, 404, 404, 401],
  },
  // For the clients of Messenger Core.
  { of: 'GET /messages', ask: (who, { id }) => who.get(`/messages?chat_id=${id}`), gets: seen },
  {
    of: 'POST /messages',
    ask: (who, { id }) => who.post('/messages', { chat_id: id, content: 'x' }),
    gets: [201, 201, 404, 404, 401],
  },
  {
    of: 'PATCH /messages/:id/edit',
    ask: (who, { annas }) => who.patch(`/messages/${annas}/edit`, { content: 'x' }),
    gets: [200, 403, 404, 404, 401],
  },
  {
    of: 'DELETE /messages/:id/delete',
    ask: (who, { bartkas }) => who.delete(`/messages/${bartkas}/delete`),
    gets: [403, 204, 404, 404, 401],
  },
  { of: 'GET /chats', ask: (who) => who.get('/chats'), gets: members },
  {
    of: 'POST /chats',
    ask: (who) => who.post('/chats', { user_id: ewa.id }),
    gets: [201, 201, 201, 201, 401],
  },
  { of: 'GET /chats/search', ask: (who) => who.get('/chats/search?query=ewa'), gets: members },
  { of: 'GET /users/me', ask: (who) => who.get('/users/me'), gets: members },
  // For the clients of NODUS.
  {
    of: 'GET /api/v1/messages',
    ask: (who, { id }) => who.get(`/api/v1/messages?chat_id=${id}`),
    gets: seen,
  },
  {
    of: 'POST /api/v1/messages',
    ask: (who, { id }) => who.post('/api/v1/messages', { chat_id: id, content: 'x' }),
    gets: [201, 201, 404, 404, 401],
  },
  {
    of: 'PATCH /api/v1/messages/:id',
    ask: (who, { bartkas }) => who.patch(`/api/v1/messages/${bartkas}`, { content: 'x' }),
    gets: [403, 200, 404, 404, 401],
  },
  {
    of: 'DELETE /api/v1/messages/:id',
    ask: (who, { bartkas }) => who.delete(`/api/v1/messages/${bartkas}`),
    gets: [403, 200, 404, 404, 401],
  },
  {
    of: 'POST /api/v1/messages/:id/forward',
    ask: async (who, { annas }) =>
      who.post(`/api/v1/messages/${annas}/forward`, { chat_ids: [await notesOf(who)] }),
    gets: [201, 201, 404, 404, 401],
  },
  {
    of: 'POST /api/v1/messages/:id/reactions',
    ask: (who, { annas }) => who.post(`/api/v1/messages/${annas}/reactions`, { emoji: '👍' }),
    gets: [201, 201, 404, 404, 401],
  },
  {
    of: 'DELETE /api/v1/messages/:id/reactions/:emoji',
    ask: (who, { annas }) => who.delete(`/api/v1/messages/${annas}/reactions/${encoded}`),
    gets: done,
  },
  { of: 'GET /api/v1/search', ask: (who) => who.get('/api/v1/search?q=xx'), gets: members },
  {
    of: 'GET /api/v1/search',
    ask: (who, { id }) => who.get(`/api/v1/search?q=xx&chat_id=${id}`),
    gets: seen,
  },
  {
    of: 'POST /api/v1/presence/typing',
    ask: (who, { id }) => who.post('/api/v1/presence/typing', { chat_id: id, is_typing: true }),
    gets: done,
  },
  {
    of: 'GET /api/v1/presence/typing/:chat_id',
    ask: (who, { id }) => who.get(`/api/v1/presence/typing/${id}`),
    gets: seen,
  },
]

const inAnHour = () => new Date(Date.now() + 3_600_000).toISOString()
const notesOf = async (who: Person) => (who.id ? who.talkTo(who) : 1)

const actors = [
  ['the owner', () => anna],
  ['a member', () => bartek],
  ['a removed member', () => celina],
  ['a stranger', () => dawid],
  ['a guest', () => service.guest()],
] as const

const cells = rows.flatMap((row) =>
  actors.map(([name, who], i) => [row.of, name, row.gets[i]!, row, who] as const),
)

test.each(cells)('%s by %s is %i', async (_, __, status, row, who) => {
  const before = await scene()
  const answer = await row.ask(who(), before)
  expect([answer.status, answer.body.code]).toEqual([status, answer.body.code])
})

test('what a user may not know of looks as if it did not exist', async () => {
  const there = await scene()
  const nowhere = { id: 999_999, annas: 999_999, bartkas: 999_999, poll: 999_999 }
  for (const row of rows) {
    const [hidden, missing] = [await row.ask(dawid, there), await row.ask(dawid, nowhere)]
    expect([hidden.status, hidden.body], row.of).toEqual([missing.status, missing.body])
  }
})

test('1:1 conversations and system lines cannot be changed', async () => {
  const id = await anna.talkTo(bartek)
  const refused = [
    await anna.patch(`/api/conversations/${id}`, { name: 'x' }),
    await anna.delete(`/api/conversations/${id}`),
    await anna.post(`/api/conversations/${id}/members`, { user_ids: [ewa.id] }),
    await anna.delete(`/api/conversations/${id}/members/${bartek.id}`),
    await anna.delete(`/api/conversations/${id}/members/${anna.id}`),
  ]
  const { id: group } = await scene()
  await anna.patch(`/api/conversations/${group}`, { name: 'Z linią' })
  const { messages } = (await anna.get(`/api/conversations/${group}/messages?limit=1`)).body
  const [message] = messages
  const line = `/api/messages/${message!.id}` as const
  expect(message!.kind).toBe('system')
  refused.push(
    await anna.patch(line, { content: 'x' }),
    await anna.delete(line),
    await anna.post(`${line}/reactions`, { emoji: '👍' }),
    await anna.post(`${line}/pin`),
    await anna.post(`${line}/star`),
    await anna.post(`${line}/forward`, { conversation_ids: [group] }),
  )
  expect(refused.map((answer) => [answer.status, answer.body.code])).toEqual(
    refused.map(() => [403, 'forbidden']),
  )
})

const isOfMessengerCore = /^\/(?:auth|chats|messages|users)\b/

test('every endpoint that names a conversation or a message, and every one of Messenger Core, has a row here', () => {
  const named = mounted
    .filter(
      ({ path, open }) =>
        /^\/api\/((conversations|messages)\/:id|search|v1\/(messages|search|presence\/typing))/.test(path) ||
        (isOfMessengerCore.test(path) && !open),
    )
    .map(({ method, path }) => `${method.toUpperCase()} ${path}`)
  expect(named.filter((name) => !rows.some((row) => row.of === name))).toEqual([])
})
