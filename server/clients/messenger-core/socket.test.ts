import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, describe, expect, test } from 'vitest'
import { type Person, startService } from '../../testing/service.ts'
import { type Frame, SocketClient } from '../../testing/socket-client.ts'
import { durations } from './durations.ts'

const real = { ...durations }
const pingMs = 300
durations.ping = pingMs

/**
 * A client that knows of us what the README of Messenger Core says, and no more. Each line of its tables of WebSocket events,
 * and of its guarantees, is a test, named after it.
 */
const { address, anna, bartek, celina, dawid, ewa, live } = await startService({ RATE_LIMITS: 'on' })
const dateTime = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)
const chat_id = await anna.talkTo(bartek)

class Client {
  readonly #headers: { authorization: string }
  readonly id: number
  socket!: SocketClient

  constructor({ id }: Person, token: string) {
    this.id = id
    this.#headers = { authorization: `Bearer ${token}` }
  }

  static of = async (person: Person) => new Client(person, (await person.token()).access_token)

  // biome-ignore lint/suspicious/noExplicitAny: a test says what it expects by asserting it
  async send(method: string, path: string, body?: object): Promise<{ status: number; json: any }> {
    const headers = { ...this.#headers, 'content-type': 'application/json' }
    const answer = await fetch(address + path, {
      method,
      headers,
      ...(body && { body: JSON.stringify(body) }),
    })
    const text = await answer.text()
    return { status: answer.status, json: text && JSON.parse(text) }
  }

  async connect(): Promise<this> {
    this.socket = await SocketClient.openLive(live, this.id, `${address}/ws`, this.#headers)
    const { socket } = this
    socket.webSocket.on('message', (data) => {
      if (JSON.parse(`${data}`).event === 'ping') this.say('pong')
    })
    opened.push(socket)
    await this.hears('connected')
    return this
  }

  say = (event: string, fields: object = {}) => this.socket.say({ event, ...fields })
  hears = (event: string, fits: (frame: Frame) => boolean = () => true) =>
    this.socket.hear((frame) => frame.event === event && fits(frame))
  got = (event: string) => this.socket.frames.filter((frame) => frame.event === event)
  /** The message as it is stored. */
  async stored(id: number, chat = chat_id): Promise<Frame> {
    const { json } = await this.send('GET', `/messages?chat_id=${chat}&limit=100`)
    return json.find((each: Frame) => each.id === id)
  }
}

const opened: SocketClient[] = []
afterEach(async () => {
  await Promise.all(opened.splice(0).map((socket) => socket.close()))
})
const [user1, user2] = [await Client.of(anna), await Client.of(bartek)]
const withText = (text: string) => (frame: Frame) => frame.content === text

describe('Client → Server', () => {
  test('message: Sending a new message', async () => {
    await Promise.all([user1.connect(), user2.connect()])
    user1.say('message', { chat_id, content: 'привет' })
    const frame = await user2.hears('message', withText('привет'))
    expect(await user2.stored(frame.id)).toMatchObject({ sender_id: anna.id, content: 'привет' })
    // It is text, and never HTML.
    user1.say('message', { chat_id, content: '<b>жирный</b> & ещё' })
    await user2.hears('message', withText('<b>жирный</b> & ещё'))
  })

  test('read: Confirming that messages were read (batch)', async () => {
    await Promise.all([user1.connect(), user2.connect()])
    for (const content of ['раз', 'два', 'три']) user1.say('message', { chat_id, content })
    await user2.hears('message', withText('три'))
    const ids = ['раз', 'два', 'три'].map((text) => user2.got('message').find(withText(text)).id)
    user2.say('read', { message_ids: ids.slice(0, 2) })
    await expect.poll(async () => (await user1.stored(ids[1]!)).read_at).toEqual(dateTime)
    expect((await user1.stored(ids[0]!)).read_at).toEqual(dateTime)
    expect((await user1.stored(ids[2]!)).read_at).toBeNull()
  })

  test('edit_message: Editing a message that was sent before', async () => {
    await Promise.all([user1.connect(), user2.connect()])
    user1.say('message', { chat_id, content: 'опечтка' })
    const { id } = await user2.hears('message', withText('опечтка'))
    user1.say('edit_message', { message_id: id, content: 'опечатка' })
    await user2.hears('message_edited', (frame) => frame.id === id)
    expect((await user2.stored(id)).content).toBe('опечатка')
  })

  test("pong: Answer to the server's heartbeat", async () => {
    await user1.connect()
    await sleep(5 * durations.ping)
    expect(user1.got('ping').length).toBeGreaterThanOrEqual(4)
    expect(user1.socket.webSocket.readyState).toBe(user1.socket.webSocket.OPEN)
  })
})

describe('Server → Client', () => {
  test('connected: The WebSocket connection is established', async () => {
    await user1.connect()
    expect(user1.socket.frames[0]).toEqual({ event: 'connected', user_id: anna.id })
  })

  test('message: A new incoming message', async () => {
    await Promise.all([user1.connect(), user2.connect()])
    const { json } = await user1.send('POST', '/messages', { chat_id, content: 'test' })
    expect(await user2.hears('message', (frame) => frame.id === json.id)).toEqual({
      event: 'message',
      id: json.id,
      chat_id,
      sender_id: anna.id,
      content: 'test',
      created_at: dateTime,
      delivered_at: null,
      read_at: null,
      is_delete: false,
      client_id: null,
    })
  })

  test('message_edited: Notice of a changed message', async () => {
    await Promise.all([user1.connect(), user2.connect()])
    const { json } = await user1.send('POST', '/messages', { chat_id, content: 'до' })
    const edited = await user1.send('PATCH', `/messages/${json.id}/edit`, { content: 'после' })
    const frame = await user2.hears('message_edited', ({ id }) => id === json.id)
    const { delivered_at: _, ...fields } = edited.json
    expect(frame).toEqual({ event: 'message_edited', delivered_at: frame.delivered_at, ...fields })
    expect(frame.content).toBe('после')
    await user1.send('DELETE', `/messages/${json.id}/delete`)
    expect(await user2.hears('message_edited', ({ is_delete }) => is_delete)).toMatchObject({
      id: json.id,
      content: null,
    })
  })

  test.each([
    ['message', { chat_id: 999_999, content: 'сюда?' }, 'not_found'],
    ['message', { chat_id, content: ' ' }, 'validation_failed'],
    ['message', { content: 'куда?' }, 'validation_failed'],
    ['edit_message', { message_id: 999_999, content: 'что?' }, 'not_found'],
    ['read', { message_ids: 'все' }, 'validation_failed'],
    ['unknown', {}, 'validation_failed'],
  ])('error: A request was not processed: %s %j → %s', async (event, fields, code) => {
    await Promise.all([user1.connect(), user2.connect()])
    user1.say(event, fields)
    expect(await user1.hears('error')).toEqual({ event: 'error', code, detail: expect.any(String) })
    user1.say('message', { chat_id, content: `после ${code} ${event}` })
    await user2.hears('message', withText(`после ${code} ${event}`))
  })

  test("error: Another's message cannot be edited", async () => {
    await Promise.all([user1.connect(), user2.connect()])
    const { json } = await user1.send('POST', '/messages', { chat_id, content: 'моё' })
    user2.say('edit_message', { message_id: json.id, content: 'твоё' })
    expect(await user2.hears('error')).toMatchObject({ code: 'forbidden' })
    expect((await user1.stored(json.id)).content).toBe('моё')
  })

  test('ping: Check that the connection is active', async () => {
    expect(real.ping).toBe(25_000)
    await user1.connect()
    const start = performance.now()
    expect(await user1.hears('ping')).toEqual({ event: 'ping' })
    expect(performance.now() - start).toBeLessThan(3 * durations.ping)
  })
})

describe('Guarantees', () => {
  test('At-least-once delivery: what was written to a client that never got it comes again', async () => {
    const [sender, receiver] = [await Client.of(celina), await Client.of(dawid)]
    const chat = await celina.talkTo(dawid)
    await receiver.connect()
    const { webSocket } = receiver.socket
    // Neither reads nor answers from here on.
    ;(webSocket as unknown as { _socket: { pause(): void } })._socket.pause()
    const contents = Array.from({ length: 5 }, (_, nr) => `nr ${nr}`)
    for (const content of contents) await sender.send('POST', '/messages', { chat_id: chat, content })
    webSocket.terminate()
    await receiver.connect()
    await receiver.hears('message', withText('nr 4'))
    expect(receiver.got('message').map(({ content }) => content)).toEqual(contents)
  })

  test('At-least-once delivery: sent again with the same client_id, it is stored once and answered', async () => {
    await Promise.all([user1.connect(), user2.connect()])
    const message = { chat_id, content: 'один раз', client_id: randomUUID() }
    user1.say('message', message)
    const first = await user2.hears('message', withText('один раз'))
    expect(first.client_id).toBe(message.client_id)
    // The answer was lost, as far as its sender knows.
    user1.socket.webSocket.terminate()
    await user1.connect()
    user1.say('message', message)
    expect(await user1.hears('message', withText('один раз'))).toEqual({
      ...first,
      delivered_at: expect.toSatisfy((at) => at === null || at > first.created_at),
    })
    user1.say('message', { chat_id, content: 'и дальше' })
    await user2.hears('message', withText('и дальше'))
    expect(user2.got('message').filter(withText('один раз'))).toHaveLength(1)
    const { json } = await user2.send('GET', `/messages?chat_id=${chat_id}&limit=100`)
    expect(json.filter(withText('один раз'))).toHaveLength(1)
  })

  test('Offline delivery: at the next connection the messages of meanwhile come first, in order, once', async () => {
    await user2.connect()
    await user2.socket.close()
    const contents = Array.from({ length: 20 }, (_, nr) => `без тебя ${nr}`)
    for (const content of contents) await user1.send('POST', '/messages', { chat_id, content })
    await user2.connect()
    await user2.hears('message', withText('без тебя 19'))
    await user1.send('POST', '/messages', { chat_id, content: 'с тобой' })
    await user2.hears('message', withText('с тобой'))
    const missed = user2.got('message').map(({ content }) => content)
    expect(missed.filter((text) => text.startsWith('без тебя'))).toEqual(contents)
    expect(missed.at(-1)).toBe('с тобой')
    await sleep(100)
    await user2.socket.close()
    await user2.connect()
    await sleep(200)
    expect(user2.got('message')).toEqual([])
  })

  test('Persistence: delivered_at and read_at are stored', async () => {
    const { json } = await user1.send('POST', '/messages', { chat_id, content: 'дошло?' })
    expect(await user1.stored(json.id)).toMatchObject({ delivered_at: null, read_at: null })
    await user2.connect()
    await user2.hears('message', (frame) => frame.id === json.id)
    await expect.poll(async () => (await user1.stored(json.id)).delivered_at).toEqual(dateTime)
    expect((await user1.stored(json.id)).read_at).toBeNull()
    user2.say('read', { message_ids: [json.id] })
    await expect.poll(async () => (await user1.stored(json.id)).read_at).toEqual(dateTime)
    const { delivered_at, read_at } = await user2.stored(json.id)
    expect(read_at >= delivered_at).toBe(true)
  })

  test('Rate limiting: how often messages are sent is limited, and the connection stays', async () => {
    // What they say is handled in turn, their pongs included.
    Object.assign(durations, real)
    const flooder = await (await Client.of(ewa)).connect()
    durations.ping = pingMs
    const chat = await ewa.talkTo(ewa)
    for (let nr = 0; nr < 200; nr++) flooder.say('message', { chat_id: chat, content: `${nr}` })
    const refused = await flooder.hears('error')
    expect(refused).toEqual({
      event: 'error',
      code: 'rate_limited',
      detail: expect.stringContaining('Try again'),
    })
    const answers = () => flooder.got('error').length + flooder.got('message').length
    await expect.poll(answers).toBe(200)
    expect(flooder.got('message')[0]).toMatchObject({ content: '0' })
    expect(flooder.socket.webSocket.readyState).toBe(flooder.socket.webSocket.OPEN)
  })

  test('Heartbeat: inactive connections are closed after two unanswered pings', async () => {
    const { access_token } = await celina.token()
    const silent = await SocketClient.open(`${address}/ws`, { authorization: `Bearer ${access_token}` })
    const start = performance.now()
    await silent.closed
    expect(silent.frames.filter(({ event }) => event === 'ping')).toHaveLength(2)
    expect(performance.now() - start).toBeGreaterThan(2.5 * durations.ping)
    await expect.poll(() => live.userIds()).not.toContain(celina.id)
  })

  test('Heartbeat: who answers late, but before the third, stays', async () => {
    const { access_token } = await celina.token()
    const slow = await SocketClient.open(`${address}/ws`, { authorization: `Bearer ${access_token}` })
    const pings = () => slow.frames.filter(({ event }) => event === 'ping').length
    for (let answered = 0; answered < 3; answered++) {
      const before = pings()
      await expect.poll(pings, { interval: 10 }).toBe(before + 2)
      slow.say({ event: 'pong' })
    }
    expect(slow.webSocket.readyState).toBe(slow.webSocket.OPEN)
    await slow.close()
  })

  test('Who sends at once when they are connected is told of it, every time', async () => {
    const person = await Client.of(celina)
    const chat = await celina.talkTo(celina)
    for (let nr = 0; nr < 20; nr++) {
      await person.connect()
      person.say('message', { chat_id: chat, content: `od razu ${nr}` })
      await person.hears('message', withText(`od razu ${nr}`))
      await person.socket.close()
    }
  })

  test('The order of what one client sends is kept', async () => {
    await Promise.all([user1.connect(), user2.connect()])
    const contents = Array.from({ length: 15 }, (_, nr) => `подряд ${nr}`)
    for (const content of contents) user1.say('message', { chat_id, content })
    await user2.hears('message', withText('подряд 14'))
    const heard = user2.got('message').map(({ content }) => content)
    expect(heard.filter((text) => text.startsWith('подряд'))).toEqual(contents)
  })
})
