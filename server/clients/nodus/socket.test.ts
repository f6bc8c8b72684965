import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, describe, expect, test } from 'vitest'
import { durations as presence } from '../../presence/durations.ts'
import { NodusClient } from '../../testing/nodus-client.ts'
import { type Person, startService } from '../../testing/service.ts'
import { type Frame, SocketClient } from '../../testing/socket-client.ts'
import { durations as typing } from '../../typing/durations.ts'
import { durations } from './durations.ts'

/** How much faster time goes here, for typing and for presence: in the proportions that the service has. */
const [typingFaster, presenceFaster] = [10, 100]
const real = { ...durations }
for (const name of Object.keys(typing) as (keyof typeof typing)[]) typing[name] /= typingFaster
for (const name of Object.keys(presence) as (keyof typeof presence)[]) presence[name] /= presenceFaster
Object.assign(durations, { typing: real.typing / typingFaster, presence: real.presence / presenceFaster })

/** What the changelog and the report of NODUS v2 say of WebSocket events, and what they ask to be checked, translated. */
const { address, anna, bartek, celina, dawid, live } = await startService()
const time = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)
const chat_id = await anna.talkTo(bartek)

/** A client that has a token, sends over HTTP, and listens on the WebSocket. */
async function clientOf(person: Person) {
  const bearer = { authorization: `Bearer ${(await person.token()).access_token}` }
  return Object.assign(new NodusClient(address, bearer), { bearer, person })
}
const [annas, bartkas, celinas] = [await clientOf(anna), await clientOf(bartek), await clientOf(celina)]

const opened: SocketClient[] = []
async function listen({ bearer, person }: Awaited<ReturnType<typeof clientOf>>): Promise<SocketClient> {
  const client = await SocketClient.openLive(live, person.id, `${address}/api/v1/ws`, bearer)
  opened.push(client)
  return client
}
afterEach(async () => {
  await Promise.all(opened.splice(0).map((client) => client.close()))
  // Who types again sooner is not published again.
  await sleep(typing.publishEvery)
})

const named =
  (event: string, fits: (data: Frame) => boolean = () => true) =>
  (frame: Frame) =>
    frame.event === event && fits(frame.data)
const ofMessage = (event: string, id: number) => named(event, (data) => (data.message_id ?? data.id) === id)
const typed = (is_typing: boolean) => named('user.typing', (data) => data.is_typing === is_typing)
const became = (status: string, { id }: Person = anna) =>
  named('user.presence', (data) => data.user_id === id && data.status === status)

describe('WebSocket events', () => {
  test('message.created (with the new fields)', async () => {
    const listener = await listen(bartkas)
    const first = (await annas.send(chat_id, 'Привет!')).body
    const { body } = await annas.send(chat_id, 'Ты где?', { reply_to_id: first.id })
    const frame = await listener.hear(ofMessage('message.created', body.id))
    expect(frame).toEqual({
      event: 'message.created',
      data: {
        id: body.id,
        chat_id,
        author_id: anna.id,
        type: 'text',
        content: 'Ты где?',
        payload: null,
        status: 'delivered',
        ts: time,
        reply_to_id: first.id,
        is_deleted: false,
        deleted_at: null,
        updated_at: null,
        reactions: [],
      },
    })
    expect(frame.data).toEqual(body)
  })

  test('message.updated (with the new fields)', async () => {
    const listener = await listen(bartkas)
    const { id } = (await annas.send(chat_id, 'ошыбка')).body
    await bartkas.react(id, '👍')
    const { body } = await annas.edit(id, 'ошибка')
    const frame = await listener.hear(ofMessage('message.updated', id))
    expect(frame).toEqual({ event: 'message.updated', data: body })
    expect(frame.data).toMatchObject({ content: 'ошибка', updated_at: time, reactions: [{ emoji: '👍' }] })
  })

  test('message.deleted', async () => {
    const listener = await listen(bartkas)
    const { id } = (await annas.send(chat_id, 'Лишнее')).body
    const { body } = await annas.remove(id)
    const frame = await listener.hear(ofMessage('message.deleted', id))
    expect(frame).toEqual({ event: 'message.deleted', data: body })
    expect(frame.data).toMatchObject({ id, is_deleted: true, deleted_at: time, content: null, payload: null })
  })

  test('message.read (unchanged)', async () => {
    const listener = await listen(annas)
    const { id } = (await annas.send(chat_id, 'Прочти')).body
    await bartek.post(`/api/conversations/${chat_id}/read`)
    const frame = await listener.hear(ofMessage('message.read', id))
    expect(frame).toEqual({
      event: 'message.read',
      data: { chat_id, user_id: bartek.id, message_id: id, read_at: time },
    })
    const { messages } = (await annas.messages(chat_id, { limit: 1 })).body
    expect(messages).toMatchObject([{ id, status: 'read' }])
  })

  test('reaction.added', async () => {
    const listener = await listen(annas)
    const { id } = (await annas.send(chat_id, 'Кто за?')).body
    const { body } = await bartkas.react(id, '👍')
    expect(await listener.hear(ofMessage('reaction.added', id))).toEqual({
      event: 'reaction.added',
      data: { id: expect.any(Number), message_id: id, user_id: bartek.id, emoji: '👍', created_at: time },
    })
    expect((await listener.hear(ofMessage('reaction.added', id))).data).toEqual(body)
  })

  test('reaction.removed', async () => {
    const listener = await listen(annas)
    const { id } = (await annas.send(chat_id, 'Кто против?')).body
    await bartkas.react(id, '👍')
    await bartkas.takeBack(id, '👍')
    expect(await listener.hear(ofMessage('reaction.removed', id))).toEqual({
      event: 'reaction.removed',
      data: { message_id: id, user_id: bartek.id, emoji: '👍' },
    })
  })

  test('user.typing', async () => {
    const listener = await listen(bartkas)
    for (const is_typing of [true, false]) {
      await annas.type(chat_id, is_typing)
      expect(await listener.hear(typed(is_typing))).toEqual({
        event: 'user.typing',
        data: { chat_id, user_id: anna.id, is_typing },
      })
    }
  })

  test('user.presence', async () => {
    await expect.poll(async () => (await annas.me()).body.status).toBe('offline')
    const listener = await listen(bartkas)
    await annas.heartbeat()
    for (const status of ['online', 'offline'])
      expect(await listener.hear(became(status))).toEqual({
        event: 'user.presence',
        data: { user_id: anna.id, status, timestamp: time },
      })
  })

  test('Who acts is told on their own devices too, but not of their own typing', async () => {
    const listener = await listen(annas)
    const { id } = (await annas.send(chat_id, 'Мне тоже')).body
    await annas.type(chat_id, true)
    await annas.react(id, '🎉')
    await annas.edit(id, 'И мне')
    await annas.remove(id)
    await listener.hear(ofMessage('message.deleted', id))
    const changes = listener.frames.filter(
      ({ event, data }) => event !== 'message.read' && (data.message_id ?? data.id) === id,
    )
    expect(changes.map(({ event }) => event)).toEqual([
      'message.created',
      'reaction.added',
      'message.updated',
      'message.deleted',
    ])
    expect(listener.frames.filter(named('user.typing'))).toEqual([])
  })

  test('Nobody else is told', async () => {
    const [stranger, member] = [await listen(celinas), await listen(bartkas)]
    const { id } = (await annas.send(chat_id, 'Только нам')).body
    await annas.type(chat_id, true)
    await annas.react(id, '👍')
    await member.hear(ofMessage('reaction.added', id))
    expect(stranger.frames).toEqual([])
  })
})

describe('TTL', () => {
  test('Typing: 10 seconds (cleared automatically)', async () => {
    expect(real.typing).toBe(10_000)
    const listener = await listen(bartkas)
    const start = performance.now()
    await annas.type(chat_id, true)
    await listener.hear(typed(true))
    await listener.hear(typed(false))
    expect(performance.now() - start).toBeGreaterThan(durations.typing - 2)
  })

  test('Typing that is sent every 3 to 5 seconds goes on', async () => {
    const listener = await listen(bartkas)
    for (let i = 0; i < 4; i++) {
      await annas.type(chat_id, true)
      await sleep(5000 / typingFaster)
    }
    expect(listener.frames.filter(typed(false))).toEqual([])
    await listener.hear(typed(false))
  })

  test('Presence: 5 minutes for the status online', async () => {
    expect(real.presence).toBe(5 * 60_000)
    await expect.poll(async () => (await annas.me()).body.status).toBe('offline')
    const listener = await listen(bartkas)
    const start = performance.now()
    await annas.heartbeat()
    await listener.hear(became('online'))
    await listener.hear(became('offline'))
    expect(performance.now() - start).toBeGreaterThan(durations.presence - 2)
    expect((await bartkas.presence(anna.id)).body).toEqual({
      user_id: anna.id,
      status: 'offline',
      last_seen: time,
    })
  })

  test('A heartbeat every 2 to 3 minutes keeps the status', async () => {
    const listener = await listen(bartkas)
    for (let i = 0; i < 3; i++) {
      await annas.heartbeat()
      await sleep((2.5 * 60_000) / presenceFaster)
    }
    expect(listener.frames.filter(became('online'))).toHaveLength(1)
    expect(listener.frames.filter(became('offline'))).toEqual([])
  })
})

/** What a frontend shows of a chat: what it loaded, as events have changed it since. */
function shown(chat: number, loaded: Frame[], frames: Frame[]): Frame[] {
  const messages = new Map<number, Frame>(loaded.map((message) => [message.id, { ...message }]))
  for (const { event, data } of frames) {
    const message = messages.get(data.message_id)
    if (/^message\.(created|updated|deleted)$/.test(event) && data.chat_id === chat)
      messages.set(data.id, data)
    const others = () =>
      message.reactions.filter((each: Frame) => each.user_id !== data.user_id || each.emoji !== data.emoji)
    if (event === 'reaction.added' && message) message.reactions = [...others(), data]
    if (event === 'reaction.removed' && message) message.reactions = others()
    if (event === 'message.read' && data.chat_id === chat)
      for (const each of messages.values())
        if (each.id <= data.message_id && each.author_id !== data.user_id) each.status = 'read'
  }
  return [...messages.values()].sort((one, other) => one.id - other.id)
}

describe('QA', () => {
  test('1. Pagination: infinite scroll, while messages come', async () => {
    const history = await anna.talkTo(celina)
    for (let i = 1; i <= 7; i++) await annas.send(history, `${i}`)
    const listener = await listen(celinas)
    const pages = [(await celinas.messages(history, { limit: 3 })).body]
    await annas.send(history, '8')
    await listener.hear(named('message.created', ({ content }) => content === '8'))
    for (let cursor = pages[0]!.next_cursor; cursor; ) {
      const { body } = await celinas.messages(history, { limit: 3, before_id: cursor })
      pages.unshift(body)
      cursor = body.next_cursor
    }
    const loaded = pages.flatMap(({ messages }) => messages)
    const contents = shown(history, loaded, listener.frames).map(({ content }) => content)
    expect(contents).toEqual(['1', '2', '3', '4', '5', '6', '7', '8'])
  })

  test.each([
    ['2. Deleting messages', (id: number) => annas.remove(id), 'message.deleted'],
    ['3. Reactions: adding', (id: number) => bartkas.react(id, '👍'), 'reaction.added'],
    ['3. Reactions: removing', (id: number) => bartkas.takeBack(id, '🎉'), 'reaction.removed'],
    [
      '4. Replies to messages',
      (id: number) => bartkas.send(chat_id, 'Да', { reply_to_id: id }),
      'message.created',
    ],
  ])('%s: what is shown is what is loaded', async (_, act, event) => {
    const listener = await listen(annas)
    const { id } = (await annas.send(chat_id, 'Сегодня?')).body
    await listener.hear(ofMessage('message.created', id))
    await bartkas.react(id, '🎉')
    await listener.hear(ofMessage('reaction.added', id))
    const before = (await annas.messages(chat_id)).body.messages
    const seen = listener.frames.length
    await act(id)
    await listener.hear(
      named(event, (data) => [data.id, data.message_id, data.reply_to_id].includes(id)),
      seen,
    )
    const { messages } = (await annas.messages(chat_id)).body
    // That who answers has read what came before, no event says.
    const withoutStatus = (all: Frame[]) => all.map(({ status: _, ...message }) => message)
    const isShown = () => withoutStatus(shown(chat_id, before, listener.frames.slice(seen)))
    expect(isShown()).toEqual(withoutStatus(messages))
  })

  test('5. Typing indicators: "is typing..." until the message is there', async () => {
    const listener = await listen(bartkas)
    await annas.type(chat_id, true)
    await listener.hear(typed(true))
    await annas.send(chat_id, 'Готово')
    await annas.type(chat_id, false)
    await listener.hear(named('message.created', ({ content }) => content === 'Готово'))
    await listener.hear(typed(false))
  })

  test('6. Online/offline status: of a client that is connected', async () => {
    await expect.poll(async () => (await annas.me()).body.status).toBe('offline')
    const listener = await listen(bartkas)
    const client = await listen(annas)
    await listener.hear(became('online'))
    await client.close()
    await listener.hear(became('offline'))
  })

  test('7. WebSocket real-time updates: each reaches every device of every member within a second', async () => {
    const made = await anna.post('/api/conversations', { name: 'Рада', member_ids: [bartek.id, celina.id] })
    const group = made.body.conversation.id
    const listeners = await Promise.all([annas, bartkas, bartkas, celinas].map(listen))
    const first = (await annas.send(group, 'Все здесь?')).body.id
    for (const listener of listeners) await listener.hear(ofMessage('message.created', first))
    const start = performance.now()
    const { id } = (await annas.send(group, 'Всем')).body
    await bartkas.react(id, '👍')
    await annas.edit(id, 'Всем!')
    for (const listener of listeners)
      for (const event of ['message.created', 'reaction.added', 'message.updated'])
        await listener.hear(ofMessage(event, id))
    expect(performance.now() - start).toBeLessThan(1000)
  })
})

describe('Success metrics: functionality', () => {
  test('WebSocket events are delivered, also those of while the client was away', async () => {
    const program = await clientOf(dawid)
    const chat = await anna.talkTo(dawid)
    const { id } = (await annas.send(chat, 'раз')).body
    const first = await listen(program)
    await first.hear(ofMessage('message.created', id))
    await sleep(100)
    await first.close()
    await annas.edit(id, 'раз, два')
    const next = (await annas.send(chat, 'три')).body
    const second = await listen(program)
    expect((await second.hear(ofMessage('message.updated', id))).data.content).toBe('раз, два')
    expect((await second.hear(ofMessage('message.created', next.id))).data).toEqual(next)
    expect(second.frames.filter(({ event }) => event !== 'message.read')).toHaveLength(2)
  })

  test('The API returns correct data: what a client shows after every event is what it loads', async () => {
    const chat = await bartek.talkTo(celina)
    const listener = await listen(celinas)
    const ids: number[] = []
    for (let i = 0; i < 4; i++) ids.push((await bartkas.send(chat, `${i}`)).body.id)
    await celinas.react(ids[0]!, '👍')
    await bartkas.react(ids[0]!, '👍')
    await bartkas.takeBack(ids[0]!, '👍')
    await bartkas.edit(ids[1]!, 'исправлено')
    await bartkas.remove(ids[2]!)
    await celina.post(`/api/conversations/${chat}/read`)
    await listener.hear(named('message.read', ({ message_id }) => message_id === ids[3]))
    const { messages } = (await celinas.messages(chat)).body
    await expect.poll(() => shown(chat, [], listener.frames)).toEqual(messages)
  })

  test('The client sends nothing over the WebSocket', async () => {
    const client = await listen(annas)
    client.say({ event: 'message.created', data: { chat_id, content: 'Тут?' } })
    expect(await client.hear(named('error'))).toEqual({
      event: 'error',
      data: { code: 'validation_failed', detail: expect.any(String) },
    })
  })
})
