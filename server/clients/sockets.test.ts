import { once } from 'node:events'
import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { WebSocket } from 'ws'
import type { Person } from '../testing/service.ts'
import { startService } from '../testing/service.ts'
import { type Frame, SocketClient } from '../testing/socket-client.ts'

const { anna, bartek, celina, dawid, ewa, address, guest, live } = await startService()
const { sql } = await import('../db/client.ts')

const paths = ['/ws', '/api/v1/ws', '/api/v1/realtime']
/** Those that are told of messages, and the text and id of one in their words. */
const kinds = {
  '/ws': (frame: Frame) => frame.event === 'message' && [frame.id, frame.content],
  '/api/v1/ws': (frame: Frame) => frame.event === 'message.created' && [frame.data.id, frame.data.content],
}
type Path = keyof typeof kinds
const messagePaths = Object.keys(kinds) as Path[]

const open = (person: Person, path: string, headers: Record<string, string> = {}) =>
  SocketClient.openLive(live, person.id, address + path, { cookie: person.cookie, ...headers })

/** The texts of the messages that a client was told. */
const told = (client: SocketClient, path: Path) =>
  client.frames.flatMap((frame) => {
    const message = kinds[path](frame)
    return message ? [message[1]] : []
  })
const hears = (client: SocketClient, path: Path, text: string) =>
  client.hear((frame) => {
    const message = kinds[path](frame)
    return message && message[1] === text
  })

/** Long enough for a ping to be answered, and for what was confirmed to be kept. */
const settle = () => sleep(100)

/** Somebody new, with whom nothing was ever said. */
let people = 0
async function newcomer(): Promise<Person> {
  const person = guest()
  const name = `nowa${++people}`
  const { body } = await person.post('/api/auth/register', {
    email: `${name}@example.org`,
    username: name,
    password: 'wiadomosci',
  })
  person.id = body.user.id
  return person
}

test.each(messagePaths)(
  '%s: offline messages come first, in order, exactly those not yet delivered',
  async (path) => {
    const person = await newcomer()
    const id = await anna.talkTo(person)
    await anna.say(id, 'raz')
    await anna.say(id, 'dwa')
    const first = await open(person, path)
    await hears(first, path, 'dwa')
    await anna.say(id, 'trzy')
    await hears(first, path, 'trzy')
    expect(told(first, path)).toEqual(['raz', 'dwa', 'trzy'])
    await first.close()
    await anna.say(id, 'cztery')
    await anna.say(id, 'pięć')
    const second = await open(person, path)
    await hears(second, path, 'pięć')
    await settle()
    expect(told(second, path)).toEqual(['cztery', 'pięć'])
    await second.close()
    for (const _ of ['once', 'twice', 'three times']) {
      const again = await open(person, path)
      expect(told(again, path)).toEqual([])
      await again.close()
    }
  },
)

test.each(messagePaths)('%s: where a new client stands is kept as soon as it is live', async (path) => {
  const person = await newcomer()
  const client = await open(person, path)
  const kept = await sql`
    select from socket_places natural join sessions where (sess ->> 'userId')::int = ${person.id}`
  expect(kept).toHaveLength(1)
  await client.close()
})

test('what was read on the page meanwhile is not told to a client that begins', async () => {
  const person = await newcomer()
  const id = await anna.talkTo(person)
  await anna.say(id, 'przeczytane')
  await person.post(`/api/conversations/${id}/read`)
  await anna.say(id, 'nowe')
  const client = await open(person, '/ws')
  await hears(client, '/ws', 'nowe')
  expect(told(client, '/ws')).toEqual(['nowe'])
  await client.close()
})

test('more messages than a page waited: all come, in order', async () => {
  const person = await newcomer()
  const id = await anna.talkTo(person)
  const texts = Array.from({ length: 230 }, (_, nr) => `nr ${nr}`)
  for (const text of texts) await anna.say(id, text)
  const client = await open(person, '/api/v1/ws')
  await hears(client, '/api/v1/ws', 'nr 229')
  expect(told(client, '/api/v1/ws')).toEqual(texts)
  await client.close()
})

test('a message counts as delivered when the client has confirmed it, not when it is written', async () => {
  const person = await newcomer()
  const id = await anna.talkTo(person)
  const deaf = await SocketClient.open(`${address}/ws`, { cookie: person.cookie }, { autoPong: false })
  await anna.say(id, 'słychać?')
  await hears(deaf, '/ws', 'słychać?')
  await sleep(1500)
  const delivered = async () => {
    const { body } = await anna.get(`/api/conversations/${id}`)
    return body.conversation.members!.find(({ user_id }: { user_id: number }) => user_id === person.id)!
      .last_delivered_message_id
  }
  expect(await delivered()).toBeNull()
  deaf.webSocket.terminate()
  const client = await open(person, '/ws')
  await hears(client, '/ws', 'słychać?')
  await expect.poll(delivered, { timeout: 5000 }).not.toBeNull()
  await client.close()
})

test('edits, deletions and reactions made while a client was away are told when it is back', async () => {
  const id = await anna.talkTo(bartek)
  const [edited, deleted, liked] = [
    await anna.say(id, 'z błędem'),
    await anna.say(id, 'do usunięcia'),
    await anna.say(id, 'miło'),
  ]
  const client = await open(bartek, '/api/v1/ws')
  await hears(client, '/api/v1/ws', 'miło')
  await settle()
  await client.close()
  await anna.patch(`/api/messages/${edited.id}`, { content: 'bez błędu' })
  await anna.delete(`/api/messages/${deleted.id}`)
  await anna.post(`/api/messages/${liked.id}/reactions`, { emoji: '👍' })
  const again = await open(bartek, '/api/v1/ws')
  const of = (name: string, messageId: number) =>
    again.hear(({ event, data }) => event === name && data.id === messageId)
  expect((await of('message.updated', edited.id)).data.content).toBe('bez błędu')
  expect((await of('message.deleted', deleted.id)).data).toMatchObject({ content: null, is_deleted: true })
  expect((await of('message.updated', liked.id)).data.reactions).toMatchObject([
    { emoji: '👍', user_id: anna.id },
  ])
  await again.close()
})

test('of a message that was changed before a client heard of it, it is told both', async () => {
  const person = await newcomer()
  const id = await anna.talkTo(person)
  for (const path of messagePaths) {
    const before = await open(person, path)
    await before.close()
  }
  const edited = await anna.say(id, 'z błędem')
  await anna.patch(`/api/messages/${edited.id}`, { content: 'bez błędu' })
  const deleted = await anna.say(id, 'do usunięcia')
  await anna.delete(`/api/messages/${deleted.id}`)
  const [nodus, core] = [await open(person, '/api/v1/ws'), await open(person, '/ws')]
  const eventsOf = (client: SocketClient, messageId: number) =>
    client.frames.filter((frame) => (frame.data ?? frame).id === messageId).map(({ event }) => event)
  expect(eventsOf(nodus, edited.id)).toEqual(['message.created', 'message.updated'])
  expect(eventsOf(nodus, deleted.id)).toEqual(['message.created', 'message.deleted'])
  expect(eventsOf(core, edited.id)).toEqual(['message', 'message_edited'])
  for (const client of [nodus, core]) await client.close()
  // What came with a replay is known: it is delivered as an update.
  await anna.patch(`/api/messages/${edited.id}`, { content: 'jeszcze lepiej' })
  const again = await open(person, '/api/v1/ws')
  expect(eventsOf(again, edited.id)).toEqual(['message.updated'])
  await again.close()
})

test('messages sent while a client was away come in the order in which they were sent, whatever changed last', async () => {
  const person = await newcomer()
  const id = await anna.talkTo(person)
  const before = await open(person, '/api/v1/ws')
  await before.close()
  const [first] = [await anna.say(id, 'raz'), await anna.say(id, 'dwa'), await anna.say(id, 'trzy')]
  await anna.post(`/api/messages/${first.id}/reactions`, { emoji: '👍' })
  const back = await open(person, '/api/v1/ws')
  expect(told(back, '/api/v1/ws')).toEqual(['raz', 'dwa', 'trzy'])
  await back.close()
})

test.each(paths)('%s: who is not signed in is refused with 401', async (path) => {
  await expect(SocketClient.open(address + path, {})).rejects.toThrow('401')
})

test.each(paths)(
  '%s: a browser of another site is refused with 403, a program and our own page are not',
  async (path) => {
    await expect(open(dawid, path, { origin: 'https://evil.example' })).rejects.toThrow('403')
    await expect(open(dawid, path, { 'sec-fetch-site': 'cross-site' })).rejects.toThrow('403')
    for (const headers of [{}, { origin: address }]) await (await open(dawid, path, headers)).close()
  },
)

test.each(paths)('%s: a request that asks for no WebSocket is told so', async (path) => {
  const { status, body } = await dawid.request('GET', path)
  expect([status, body]).toMatchObject([426, { detail: expect.any(String) }])
})

test.each(paths)('%s: the answer to a handshake has an id, as all have', async (path) => {
  const opened = new WebSocket(address.replace('http', 'ws') + path, { headers: { cookie: dawid.cookie } })
  const [answer] = await once(opened, 'upgrade')
  expect(answer.headers['x-request-id']).toMatch(/^[\w-]{8,}$/)
  opened.terminate()
})

test.each([
  ['without a key', { 'Sec-WebSocket-Version': '13' }],
  ['with another version', { 'Sec-WebSocket-Version': '8', 'Sec-WebSocket-Key': 'dGhlIHNhbXBsZSBub25jZQ==' }],
])('a handshake %s is refused with 400', async (_, headers) => {
  const { hostname, port } = new URL(address)
  const socket = connect(Number(port), hostname)
  const lines = Object.entries({
    Host: hostname,
    Connection: 'Upgrade',
    Upgrade: 'websocket',
    Cookie: dawid.cookie,
    ...headers,
  })
  socket.write(`GET /ws HTTP/1.1\r\n${lines.map((line) => line.join(': ')).join('\r\n')}\r\n\r\n`)
  const [answer] = await once(socket, 'data')
  expect(`${answer}`).toMatch(/^HTTP\/1.1 400 /)
  await once(socket, 'end')
})

const handshake = (path: string) =>
  [
    `GET ${path} HTTP/1.1`,
    'Host: x',
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Version: 13',
    'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
    '\r\n',
  ].join('\r\n')

/** Writes what is given on a connection of its own, and reads until the service ends it. */
async function talk(...pieces: string[]): Promise<string> {
  const { hostname, port } = new URL(address)
  const socket = connect({ port: Number(port), host: hostname, allowHalfOpen: true })
  let answer = ''
  socket.on('data', (data) => {
    answer += data
  })
  socket.on('error', () => {})
  for (const piece of pieces) socket.write(piece)
  await new Promise((resolve) => socket.on('end', resolve).on('close', resolve))
  socket.destroy()
  return answer
}

test.each([
  ['sent together with a request before it', `GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n${handshake('/ws')}`],
  ['refused, of a client that goes on writing', `${handshake('/ws')}more`],
  ['refused, of a client that keeps its side open', handshake('/api/v1/nic')],
])('a handshake %s ends the connection, and nothing else', async (_, text) => {
  await talk(text)
  expect((await guest().get('/healthz')).status).toBe(200)
})

test('another upgrade than to WebSocket is answered as if it had not been asked for', async () => {
  const { hostname, port } = new URL(address)
  const socket = connect(Number(port), hostname)
  socket.write(`GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n`)
  const [answer] = await once(socket, 'data')
  expect(`${answer}`).toMatch(/^HTTP\/1.1 200 /)
  socket.destroy()
})

test('an unknown address is not found', async () => {
  await expect(open(dawid, '/api/v1/nic')).rejects.toThrow('404')
})

test.each(paths)('%s: a frame above 64 KiB ends the connection', async (path) => {
  const client = await open(ewa, path)
  client.say('x'.repeat(64 * 1024 + 1))
  expect(await client.closed).toBe(1009)
})

test.each([
  ['no JSON', 'co?'],
  ['no object', '7'],
  ['an unknown event', { event: 'nic', type: 'nic' }],
  ['a field of another type', { event: 'message', chat_id: 'x', type: 'typing_start', data: 7 }],
])('a frame that is %s is refused, and the connection stays', async (_, frame) => {
  for (const path of paths) {
    const client = await open(ewa, path)
    client.say(frame)
    const refused = await client.hear((each) => (each.event ?? each.type) === 'error')
    expect(refused.data ?? refused).toMatchObject({ code: 'validation_failed', detail: expect.any(String) })
    expect(client.webSocket.readyState).toBe(client.webSocket.OPEN)
    await client.close()
  }
})

test.each(paths)('%s: signing out ends the connection, and that of no other session', async (path) => {
  const [here, there] = [guest(), guest()]
  await Promise.all([here.signIn('celina'), there.signIn('celina')])
  const [client, other] = [await open(here, path), await open(there, path)]
  await here.post('/api/auth/logout')
  await client.closed
  expect(other.webSocket.readyState).toBe(other.webSocket.OPEN)
  await other.close()
})

test.each(messagePaths)('%s: who was removed from a group hears nothing more of it', async (path) => {
  const { body } = await anna.post('/api/conversations', {
    name: 'Zarząd',
    member_ids: [celina.id, dawid.id],
  })
  const { id } = body.conversation
  const [removed, member] = [await open(celina, path), await open(dawid, path)]
  await anna.say(id, 'razem')
  await Promise.all([hears(removed, path, 'razem'), hears(member, path, 'razem')])
  await anna.delete(`/api/conversations/${id}/members/${celina.id}`)
  await anna.say(id, 'bez niej')
  await hears(member, path, 'bez niej')
  await settle()
  expect(told(removed, path)).not.toContain('bez niej')
  await Promise.all([removed.close(), member.close()])
})

test('a client that reads nothing is cut, and the others are not affected', async () => {
  const person = await newcomer()
  const id = await anna.talkTo(person)
  const slow = await open(person, '/ws')
  ;(slow.webSocket as unknown as { _socket: { pause(): void } })._socket.pause()
  const listener = await anna.listen()
  const long = 'ą'.repeat(19_000)
  // So few at once that who reads is never behind by much.
  for (let sent = 0; sent < 500; sent += 5)
    await Promise.all(Array.from({ length: 5 }, () => anna.say(id, long)))
  const last = await anna.say(id, 'koniec')
  await listener.hear('new_message', ({ message }) => message.id === last.id)
  await expect.poll(() => serverSide(person.id), { timeout: 10_000 }).toBe(0)
  listener.close()
  slow.webSocket.terminate()
}, 60_000)

const serverSide = (userId: number) => live.sessions().filter((each) => each.userId === userId).length
