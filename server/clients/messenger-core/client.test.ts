import { expect, test } from 'vitest'
import { startService } from '../../testing/service.ts'

/**
 * A client that knows of us what the README of Messenger Core says, and no more. Each line of its tables of endpoints is
 * a test, named after it.
 */
const { address } = await startService()

class Client {
  access = ''
  refresh = ''

  // biome-ignore lint/suspicious/noExplicitAny: a test says what it expects by asserting it
  async send(method: string, path: string, body?: object): Promise<{ status: number; json: any }> {
    const answer = await fetch(address + path, {
      method,
      headers: {
        ...(body && { 'Content-Type': 'application/json' }),
        ...(this.access && { Authorization: `Bearer ${this.access}` }),
      },
      ...(body && { body: JSON.stringify(body) }),
    })
    const text = await answer.text()
    return { status: answer.status, json: text && JSON.parse(text) }
  }

  async login(email: string, password: string): Promise<void> {
    const { json } = await this.send('POST', '/auth/login', { email, password })
    this.access = json.access_token
    this.refresh = json.refresh_token
  }
}

const [user1, user2] = [new Client(), new Client()]
const password = 'correct horse'
const dateTime = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)
const me = { id: expect.any(Number), username: 'user1', email: 'u1@test.com' }
let ids: number[] = []
let chatId = 0
let messageId = 0

test('POST /auth/register: Регистрация пользователя', async () => {
  for (const [i, client] of [user1, user2].entries()) {
    const wanted = { username: `user${i + 1}`, email: `u${i + 1}@test.com` }
    const { status, json } = await client.send('POST', '/auth/register', { ...wanted, password })
    expect(status).toBe(201)
    expect(json).toEqual({ id: expect.any(Number), ...wanted, is_active: true, created_at: dateTime })
    ids = [...ids, json.id]
  }
  const again = await user1.send('POST', '/auth/register', {
    username: 'user1',
    email: 'x@test.com',
    password,
  })
  expect(again).toEqual({ status: 409, json: { detail: expect.any(String) } })
})

test('POST /auth/login: Авторизация пользователя', async () => {
  for (const name of [{ email: 'u1@test.com' }, { username: 'user1' }, { username: 'u1@test.com' }]) {
    const { status, json } = await user1.send('POST', '/auth/login', { ...name, password })
    expect(status).toBe(200)
    expect(json).toEqual({
      access_token: expect.any(String),
      refresh_token: expect.any(String),
      token_type: 'bearer',
      expires_in: 900,
    })
  }
  const wrong = await user1.send('POST', '/auth/login', { email: 'u1@test.com', password: 'incorrect' })
  expect(wrong).toEqual({ status: 401, json: { detail: expect.any(String) } })
  await user1.login('u1@test.com', password)
  await user2.login('u2@test.com', password)
})

test('POST /auth/refresh: Смена токена', async () => {
  const { status, json } = await user1.send('POST', '/auth/refresh', { refresh_token: user1.refresh })
  expect(status).toBe(200)
  user1.access = json.access_token
  user1.refresh = json.refresh_token
  expect((await user1.send('GET', '/users/me')).status).toBe(200)
})

test('POST /chats: Создание нового чата', async () => {
  const participants = [
    { id: ids[0], username: 'user1' },
    { id: ids[1], username: 'user2' },
  ]
  const direct = await user1.send('POST', '/chats', { user_id: ids[1] })
  expect(direct).toEqual({
    status: 201,
    json: { id: expect.any(Number), name: null, is_group: false, participants, created_at: dateTime },
  })
  chatId = direct.json.id
  expect(await user2.send('POST', '/chats', { user_id: ids[0] })).toEqual(direct)
  const group = await user1.send('POST', '/chats', { name: 'Команда', participant_ids: [ids[1]] })
  expect(group).toEqual({
    status: 201,
    json: { id: expect.any(Number), name: 'Команда', is_group: true, participants, created_at: dateTime },
  })
})

test('GET /chats: Список чатов пользователя', async () => {
  for (const client of [user1, user2]) {
    const { status, json } = await client.send('GET', '/chats')
    expect([status, json.map(({ name }: { name: string | null }) => name)]).toEqual([200, ['Команда', null]])
    expect(json[1]).toEqual({
      id: chatId,
      name: null,
      is_group: false,
      participants: [
        { id: ids[0], username: 'user1' },
        { id: ids[1], username: 'user2' },
      ],
      created_at: dateTime,
    })
  }
})

test('GET /chats/search: Поиск пользователя', async () => {
  const { status, json } = await user1.send('GET', '/chats/search?query=USER2')
  expect([status, json]).toEqual([200, [{ id: ids[1], username: 'user2' }]])
})

test('POST /messages: Отправка сообщения', async () => {
  const { status, json } = await user1.send('POST', '/messages', { chat_id: chatId, content: 'test' })
  expect(status).toBe(201)
  expect(json).toEqual({
    id: expect.any(Number),
    chat_id: chatId,
    sender_id: ids[0],
    content: 'test',
    created_at: dateTime,
    delivered_at: null,
    read_at: null,
    is_delete: false,
  })
  messageId = json.id
})

test('GET /messages: Получить сообщения из чата', async () => {
  await user2.send('POST', '/messages', { chat_id: chatId, content: 'ответ' })
  const { status, json } = await user2.send('GET', `/messages?chat_id=${chatId}&limit=10`)
  expect(status).toBe(200)
  expect(json.map(({ content }: { content: string }) => content)).toEqual(['test', 'ответ'])
})

test('PATCH /messages/{message_id}/edit: Изменить сообщение в чате', async () => {
  const { status, json } = await user1.send('PATCH', `/messages/${messageId}/edit`, { content: 'правка' })
  expect(status).toBe(200)
  expect(json).toMatchObject({ id: messageId, chat_id: chatId, content: 'правка', is_delete: false })
  const others = await user2.send('PATCH', `/messages/${messageId}/edit`, { content: 'чужая' })
  expect(others).toEqual({ status: 403, json: { detail: expect.any(String) } })
})

test('DELETE /messages/{message_id}/delete: Удалить сообщение в чате', async () => {
  expect(await user1.send('DELETE', `/messages/${messageId}/delete`)).toEqual({ status: 204, json: '' })
  const { json } = await user2.send('GET', `/messages?chat_id=${chatId}`)
  expect(json[0]).toMatchObject({ id: messageId, content: null, is_delete: true })
})

test('GET /users/me: Получить профиль текущего пользователя', async () => {
  const { status, json } = await user1.send('GET', '/users/me')
  expect([status, json]).toEqual([200, { ...me, is_active: true, created_at: dateTime }])
  expect(await new Client().send('GET', '/users/me')).toEqual({
    status: 401,
    json: { detail: expect.any(String) },
  })
})

test('POST /auth/logout: Выход из аккаунта', async () => {
  const { refresh } = user1
  expect((await user1.send('POST', '/auth/logout', { refresh_token: refresh })).status).toBe(204)
  expect((await user1.send('GET', '/users/me')).status).toBe(401)
  expect((await user1.send('POST', '/auth/refresh', { refresh_token: refresh })).status).toBe(401)
  expect((await user2.send('GET', '/users/me')).status).toBe(200)
})
