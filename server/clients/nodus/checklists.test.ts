import { describe, expect, test } from 'vitest'
import { NodusClient } from '../../testing/nodus-client.ts'
import { type Person, startService } from '../../testing/service.ts'

/** What the changelog and the report of NODUS v2 ask to be checked over HTTP: each line a test, translated. */
const { address, anna, bartek, celina, dawid, guest } = await startService()
const clientOf = (person: Person) => new NodusClient(address, { cookie: person.cookie })
const [annas, bartkas, celinas] = [clientOf(anna), clientOf(bartek), clientOf(celina)]
const guests = clientOf(guest())
const chat = await anna.talkTo(bartek)
const time = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)

/** As others find it. */
async function found(id: number) {
  const { body } = await bartkas.messages(chat, { before_id: id + 1, limit: 1 })
  return body.messages[0]!
}

async function sending() {
  const { status, body } = await annas.send(chat, 'Привет!', { type: 'text' })
  expect([status, body]).toEqual([
    201,
    {
      id: expect.any(Number),
      chat_id: chat,
      author_id: anna.id,
      type: 'text',
      content: 'Привет!',
      payload: null,
      status: 'delivered',
      ts: time,
      reply_to_id: null,
      is_deleted: false,
      deleted_at: null,
      updated_at: null,
      reactions: [],
    },
  ])
  expect(await found(body.id)).toEqual(body)
}

async function reacting() {
  const { id } = (await annas.send(chat, 'Кто за?')).body
  const { status, body } = await bartkas.react(id, '👍')
  const reaction = {
    id: expect.any(Number),
    message_id: id,
    user_id: bartek.id,
    emoji: '👍',
    created_at: time,
  }
  expect([status, body]).toEqual([201, reaction])
  expect((await found(id)).reactions).toEqual([body])
  expect(await bartkas.takeBack(id, '👍')).toEqual({ status: 204, body: undefined })
  expect((await found(id)).reactions).toEqual([])
}

async function replying() {
  const { id } = (await annas.send(chat, 'Когда?')).body
  const { status, body } = await bartkas.send(chat, 'В пять', { reply_to_id: id })
  expect([status, body.reply_to_id]).toEqual([201, id])
  expect((await found(body.id)).reply_to_id).toBe(id)
}

async function deleting() {
  const { id, ts } = (await annas.send(chat, 'Лишнее')).body
  await bartkas.react(id, '👍')
  const { status, body } = await annas.remove(id)
  expect([status, body]).toEqual([
    200,
    expect.objectContaining({
      id,
      ts,
      author_id: anna.id,
      is_deleted: true,
      deleted_at: time,
      content: null,
      payload: null,
      reactions: [],
    }),
  ])
  expect(await found(id)).toEqual(body)
}

async function typing() {
  expect(await annas.type(chat, true)).toEqual({ status: 204, body: undefined })
  const typist = { user_id: anna.id, username: 'anna', display_name: 'Anna Kowalska' }
  expect(await bartkas.typing(chat)).toEqual({ status: 200, body: { chat_id: chat, users: [typist] } })
  await annas.type(chat, false)
  expect((await bartkas.typing(chat)).body.users).toEqual([])
}

async function online() {
  await celina.talkTo(bartek)
  expect((await bartkas.presence(celina.id)).body).toMatchObject({ user_id: celina.id, status: 'offline' })
  await annas.heartbeat()
  const presence = { user_id: anna.id, status: 'online', last_seen: time }
  for (const answer of [await annas.me(), await bartkas.presence(anna.id)])
    expect(answer).toEqual({ status: 200, body: presence })
}

describe('QA', () => {
  test('1. Pagination: infinite scroll', async () => {
    const history = await anna.talkTo(celina)
    const sent: number[] = []
    for (let i = 1; i <= 7; i++) sent.push((await annas.send(history, `${i}`)).body.id)
    const scrolled: number[] = []
    let before_id: number | null | undefined
    do {
      const { body } = await celinas.messages(history, { limit: 3, ...(before_id && { before_id }) })
      scrolled.unshift(...body.messages.map(({ id }) => id))
      expect(body.has_more).toBe(body.next_cursor !== null)
      before_id = body.next_cursor
    } while (before_id)
    expect(scrolled).toEqual(sent)
  })
  test('2. Deleting messages', deleting)
  test('3. Reactions (adding, removing)', reacting)
  test('4. Replies to messages', replying)
  test('5. Typing indicators', typing)
  test('6. Online/offline status', online)
})

describe('Testing by hand', () => {
  test('1. Send a message', sending)
  test('2. Add a reaction', reacting)
  test('3. Reply to a message', replying)
  test('4. Delete a message', deleting)
  test('5. Check typing indicators', typing)
  test('6. Check the online status', online)
})

describe('Check that there are new endpoints', () => {
  test.each([
    ['DELETE', '/messages/1'],
    ['POST', '/messages/1/reactions'],
    ['DELETE', '/messages/1/reactions/%F0%9F%91%8D'],
    ['POST', '/presence/typing'],
    ['GET', '/presence/typing/1'],
    ['POST', '/presence/heartbeat'],
    ['GET', '/presence/me'],
    ['GET', '/presence/1'],
  ])('%s %s', async (method, path) => {
    expect(await guests.ask(method, path)).toEqual({
      status: 401,
      body: { detail: expect.stringMatching(/./) },
    })
  })
})

describe('Main changes', () => {
  test('GET /messages answers with an object: messages, has_more, next_cursor', async () => {
    const own = await anna.talkTo(anna)
    const empty = { messages: [], has_more: false, next_cursor: null }
    expect(await annas.messages(own)).toEqual({ status: 200, body: empty })
    const [one, two] = [(await annas.send(own, '1')).body, (await annas.send(own, '2')).body]
    expect((await annas.messages(own)).body).toEqual({ ...empty, messages: [one, two] })
    expect((await annas.messages(own, { limit: 1 })).body).toEqual({
      messages: [two],
      has_more: true,
      next_cursor: two.id,
    })
  })

  test('A soft deletion: content and payload are cleared, is_deleted and deleted_at are set', deleting)

  test('Only the author can delete a message', async () => {
    const { id } = (await annas.send(chat, 'Моё')).body
    expect(await bartkas.remove(id)).toEqual({ status: 403, body: { detail: expect.any(String) } })
    expect((await found(id)).content).toBe('Моё')
  })

  test('One user = one reaction with one emoji', async () => {
    const { id } = (await annas.send(chat, 'Раз')).body
    const first = await bartkas.react(id, '👍')
    expect(await bartkas.react(id, '👍')).toEqual({ status: 200, body: first.body })
    expect((await found(id)).reactions).toEqual([first.body])
  })

  test('The full list of reactions is in message.reactions', async () => {
    const { id } = (await annas.send(chat, 'Два')).body
    const reactions = [
      await annas.react(id, '👍'),
      await bartkas.react(id, '👍'),
      await bartkas.react(id, '🎉'),
    ]
    expect((await found(id)).reactions).toEqual(reactions.map(({ body }) => body))
  })

  test('Always send is_typing: false when a message is sent', async () => {
    await annas.type(chat, true)
    await annas.send(chat, 'Готово')
    await expect.poll(async () => (await bartkas.typing(chat)).body.users).toEqual([])
    expect((await annas.type(chat, false)).status).toBe(204)
  })
})

describe('Security', () => {
  test('Access rights are validated for all new endpoints', async () => {
    const { id } = (await annas.send(chat, 'Только нам')).body
    const refused = [
      await celinas.messages(chat),
      await celinas.send(chat, 'Пустите'),
      await celinas.edit(id, 'Чужое'),
      await celinas.remove(id),
      await celinas.react(id, '👍'),
      await celinas.takeBack(id, '👍'),
      await celinas.type(chat, true),
      await celinas.typing(chat),
      await celinas.forward(id, [await celina.talkTo(celina)]),
      await celinas.presence(dawid.id),
    ]
    expect(refused).toEqual(refused.map(() => ({ status: 404, body: { detail: 'Not found.' } })))
  })

  test('Who owns a message is checked when it is deleted', async () => {
    const { id } = (await bartkas.send(chat, 'Бартека')).body
    expect((await annas.remove(id)).status).toBe(403)
    expect((await bartkas.remove(id)).status).toBe(200)
  })

  test('The emoji of reactions are limited (max. 10 characters)', async () => {
    const { id } = (await annas.send(chat, 'Много')).body
    expect(await bartkas.react(id, '👍'.repeat(11))).toEqual({
      status: 400,
      body: { detail: expect.stringContaining('emoji') },
    })
    expect((await bartkas.react(id, '👩🏽‍❤️‍💋‍👨🏿')).status).toBe(201)
  })

  test('It is checked that reply_to_id is in the same chat', async () => {
    const { id } = (await annas.send(await anna.talkTo(anna), 'Заметка')).body
    expect(await annas.send(chat, 'Ответ', { reply_to_id: id })).toEqual({
      status: 400,
      body: { detail: expect.stringContaining('reply_to_id') },
    })
  })
})
