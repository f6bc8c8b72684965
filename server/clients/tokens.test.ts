import { expect, test, vi } from 'vitest'
import { startService } from '../testing/service.ts'
import { type Frame, SocketClient } from '../testing/socket-client.ts'
import { durations } from '../typing/durations.ts'

// Each test types anew.
durations.publishEvery = 1

const { address, anna, bartek, guest } = await startService()
const { readAccess, signAccess } = await import('../tokens/access.ts')
const id = await anna.talkTo(bartek)
const { id: messageId } = await bartek.say(id, 'moje')

const paths = ['/ws', '/api/v1/ws', '/api/v1/realtime']
const bearer = (token: string) => ({ authorization: `Bearer ${token}` })
const byHeader = (path: string, token: string, headers = {}) =>
  SocketClient.open(address + path, { ...bearer(token), ...headers })
const byQuery = (path: string, token: string, headers = {}) =>
  SocketClient.open(`${address}${path}?token=${encodeURIComponent(token)}`, headers)
const ways = paths.flatMap((path) => [
  [path, 'in the header', byHeader] as const,
  [path, 'as ?token=', byQuery] as const,
])
const isError = ({ event, type }: Frame) => (event ?? type) === 'error'
const errorOf = (frame: Frame) => frame.data ?? frame

/** Something that each of the protocols tells Bartek of. */
async function somethingHappens(): Promise<void> {
  await anna.post(`/api/conversations/${id}/typing`)
  await anna.say(id, 'na żywo')
}

test.each(ways)('%s: a token %s opens it', async (path, _, open) => {
  const client = await open(path, (await bartek.token()).access_token)
  await somethingHappens()
  await client.hear(({ event, type }) => /^message(\.created)?$|^user_typing$/.test(event ?? type))
  await client.close()
})

const refused: [what: string, token: () => Promise<string> | string][] = [
  ['that is empty', () => ''],
  ['that is garbage', () => 'garbage'],
  ['with another signature', async () => (await anna.token()).access_token.replace(/.{8}$/, 'AAAAAAAA')],
  [
    'with another’s id written into it',
    async () => {
      const [header, claims, signature] = (await anna.token()).access_token.split('.')
      const said = JSON.parse(Buffer.from(claims!, 'base64url').toString())
      const forged = Buffer.from(JSON.stringify({ ...said, sub: `${bartek.id}` })).toString('base64url')
      return [header, forged, signature].join('.')
    },
  ],
  [
    'that has expired',
    async () => {
      const access = (await readAccess((await anna.token()).access_token))!
      vi.useFakeTimers({ toFake: ['Date'], now: Date.now() - 15 * 60_000 - 1000 })
      return signAccess(access).finally(() => vi.useRealTimers())
    },
  ],
  [
    'whose session was signed out',
    async () => {
      const program = await anna.program()
      await program.post('/api/auth/logout')
      return program.bearer
    },
  ],
  ['that is a refresh token', async () => (await anna.token()).refresh_token],
]

test.each(refused)('a token %s is refused with 401 on each, whatever the cookie says', async (_, make) => {
  const token = await make()
  for (const [path, , open] of ways)
    for (const headers of [{}, { cookie: bartek.cookie }])
      await expect(open(path, token, headers), `${path} ${open.name}`).rejects.toThrow('401')
})

test.each(ways)('%s: a token %s that may only write is refused with 403', async (path, _, open) => {
  const { access_token } = await bartek.token('write')
  await expect(open(path, access_token)).rejects.toThrow('403')
})

test('a token in the address opens nothing but WebSockets', async () => {
  const { access_token } = await bartek.token()
  for (const path of ['/api/users/me', '/api/v1/presence/me', '/api/messages/stream', ...paths])
    expect([path, (await guest().get(`${path}?token=${access_token}`)).status]).toEqual([path, 401])
})

const sent: [path: string, frame: object][] = [
  ['/ws', { event: 'message', chat_id: id, content: 'wolno mi?' }],
  ['/ws', { event: 'read', message_ids: [messageId] }],
  ['/ws', { event: 'edit_message', message_id: messageId, content: 'inaczej' }],
  ['/api/v1/realtime', { type: 'typing_start', data: { conversation_id: id } }],
  ['/api/v1/realtime', { type: 'typing_stop', data: { conversation_id: id } }],
  ['/api/v1/realtime', { type: 'message.typing', data: { conversation_id: id, is_typing: true } }],
]

test.each(sent)('%s: who may only read listens, and is refused when they send %j', async (path, frame) => {
  const stream = await anna.listen()
  const client = await byHeader(path, (await bartek.token('read')).access_token)
  client.say(frame)
  expect(errorOf(await client.hear(isError))).toMatchObject({
    code: 'forbidden',
    detail: 'The token lacks the scope “write”.',
  })
  const seen = client.frames.length
  await somethingHappens()
  await client.hear(({ event, type }) => /^message$|^user_typing$/.test(event ?? type), seen)
  await stream.hear('new_message', ({ message }) => message.content_text === 'na żywo')
  const ofBartek = stream.events.filter(
    ({ event, data }) =>
      ['typing', 'message_edited', 'message_read'].includes(event) && data.user_id === bartek.id,
  )
  expect(ofBartek).toEqual([])
  const { messages } = (await anna.get(`/api/conversations/${id}/messages`)).body
  expect(messages.map(({ content_text }: Frame) => content_text)).not.toContain('wolno mi?')
  expect(messages.find((message: Frame) => message.id === messageId)!.content_text).toBe('moje')
  stream.close()
  await client.close()
})

test('who may only read answers pings', async () => {
  const client = await byHeader('/ws', (await bartek.token('read')).access_token)
  client.say({ event: 'pong' })
  client.say({ event: 'message', chat_id: id, content: 'nie' })
  expect(await client.hear(isError)).toMatchObject({ code: 'forbidden' })
  await client.close()
})

test.each(paths)(
  '%s: a refresh token that is used twice ends the connections of its family',
  async (path) => {
    const first = await bartek.token()
    const other = await byHeader(path, (await bartek.token()).access_token)
    const client = await byHeader(path, first.access_token)
    for (let use = 0; use < 2; use++)
      await guest().post('/auth/refresh', { refresh_token: first.refresh_token })
    await client.closed
    expect(other.webSocket.readyState).toBe(other.webSocket.OPEN)
    await other.close()
  },
)
