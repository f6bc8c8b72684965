import { expect, test } from 'vitest'
import { type Answer, type Person, startService } from '../../testing/service.ts'

/** What Messenger Core's clients see of what members do on the page, and the other way round. */
const { anna, bartek, celina, dawid, ewa, guest } = await startService()
const { sql } = await import('../../db/client.ts')
const ann = await anna.program()
const chat_id = await anna.talkTo(bartek)

const get = (who: Person, path: string): Promise<Answer> => who.get(path)
const send = (who: Person, content: unknown, to: unknown = chat_id): Promise<Answer> =>
  who.post('/messages' as string, { chat_id: to, content })
const messagesOf = (id: number, more = '') => get(ann, `/messages?chat_id=${id}${more}`)
const contents = ({ body }: Answer) => body.map(({ content }: { content: string }) => content)

test('a message from here is heard on the page, and one from the page is listed here', async () => {
  const stream = await bartek.listen()
  const { body } = await send(ann, 'stąd')
  const { message } = await stream.hear('new_message', ({ message: { id } }) => id === body.id)
  expect(message).toMatchObject({ content: '<p>stąd</p>', content_text: 'stąd', sender_id: anna.id })
  stream.close()
  const said = await bartek.say(chat_id, '<p>z <strong>strony</strong></p>')
  const last = (await messagesOf(chat_id)).body.at(-1)
  expect(last).toMatchObject({ id: said.id, content: 'z strony', created_at: said.created_at })
})

test.each([
  '<b>nie pogrubione</b>',
  '<script>alert(1)</script>',
  '1 < 2 && 3 > 2',
  '&lt;p&gt;',
  '<p>akapit</p>',
  'dwie\nlinie',
  'https://example.org/?a=1&b=<c>',
  '👍',
])('what is sent is text: %j', async (text) => {
  const { body, status } = await send(ann, text)
  expect([status, body.content]).toEqual([201, text])
  const edited = await ann.patch(`/messages/${body.id}/edit` as string, { content: `${text}!` })
  expect([edited.status, edited.body.content]).toEqual([200, `${text}!`])
  const page = (await anna.get(`/api/conversations/${chat_id}/messages?limit=1`)).body.messages[0]
  expect(page!.content).not.toMatch(/<(?!\/?(p|br)>)/)
})

test.each([
  ['nothing to see', ''],
  ['only blanks', ' \n '],
  ['too many characters', 'x'.repeat(20_001)],
  ['no text', 7],
  ['what cannot be stored', 'a\0b'],
])('a message with %s is refused, as on the page', async (_, content) => {
  const refused = await send(ann, content)
  const native = await anna.post(`/api/conversations/${chat_id}/messages`, { content })
  expect([refused.status, refused.body]).toEqual([
    400,
    { detail: expect.stringContaining(native.body.detail) },
  ])
})

test('receipts are those of the page', async () => {
  const { body: sent } = await send(ann, 'pokwitowanie')
  const seen = async () => (await messagesOf(chat_id, '&limit=1')).body[0]
  expect(await seen()).toMatchObject({ id: sent.id, delivered_at: null, read_at: null })
  await bartek.post(`/api/conversations/${chat_id}/read`, { message_id: sent.id })
  const { read_at, delivered_at } = await seen()
  expect(Date.parse(read_at)).toBeGreaterThanOrEqual(Date.parse(sent.created_at))
  expect(Date.parse(delivered_at)).toBeGreaterThanOrEqual(Date.parse(sent.created_at))
})

test('pages of messages follow each other without gaps or repeats, each with its newest last', async () => {
  const { body: chat } = await ann.post('/chats' as string, { name: 'Strony', participant_ids: [bartek.id] })
  const sent: number[] = []
  for (let i = 0; i < 7; i++) sent.push((await send(ann, `nr ${i}`, chat.id)).body.id)
  const read: number[] = []
  for (let before = ''; ; before = `&before_id=${read[0]}`) {
    const { body } = await messagesOf(chat.id, `&limit=3${before}`)
    if (body.length === 0) break
    read.unshift(...body.map(({ id }: { id: number }) => id))
  }
  expect(read).toEqual(sent)
})

test('a page is as long as it was asked for, however long the messages', async () => {
  const { body: chat } = await ann.post('/chats' as string, { name: 'Długie', participant_ids: [bartek.id] })
  await sql`
    insert into messages (conversation_id, seq, sender_id, content, content_text)
    select ${chat.id}::bigint, 100 + n, ${anna.id}::bigint, text, text
    from generate_series(1, 60) n, repeat('słowo ', 3000) text`
  const { body } = await messagesOf(chat.id, '&limit=55')
  expect(body).toHaveLength(55)
  expect(body.map(({ id }: { id: number }) => id)).toEqual(
    body.map(({ id }: { id: number }) => id).toSorted((a: number, b: number) => a - b),
  )
})

test('a system line is a message with its text', async () => {
  const { body: chat } = await ann.post('/chats' as string, { name: 'Stara', participant_ids: [bartek.id] })
  await anna.patch(`/api/conversations/${chat.id}`, { name: 'Nowa' })
  const { body } = await messagesOf(chat.id)
  expect(body).toMatchObject([
    { sender_id: anna.id, content: expect.stringContaining('Nowa'), is_delete: false },
  ])
})

test('a message with a file alone has no text', async () => {
  const form = new FormData()
  form.append('file', new Blob(['treść'], { type: 'text/plain' }), 'plik.txt')
  const { attachment } = (await anna.request('POST', '/api/messages/upload', { body: form })).body
  await anna.say(chat_id, '', { attachment_ids: [attachment.id] })
  expect(contents(await messagesOf(chat_id, '&limit=1'))).toEqual([''])
})

test('of a chat that one is no participant of nothing is found', async () => {
  const strange = await celina.program()
  const { body: message } = await send(ann, 'nie dla Celiny')
  const missing = { status: 404, body: { detail: 'Not found.' } }
  for (const answer of [
    await get(strange, `/messages?chat_id=${chat_id}`),
    await send(strange, 'wtrącam się'),
    await strange.patch(`/messages/${message.id}/edit` as string, { content: 'x' }),
    (await strange.delete(`/messages/${message.id}/delete` as string)) as Answer,
  ])
    expect(answer).toMatchObject(missing)
  expect((await get(strange, '/chats')).body.map(({ id }: { id: number }) => id)).not.toContain(chat_id)
})

test.each<[body: object, status: number]>([
  [{}, 400],
  [{ user_id: 'x' }, 400],
  [{ user_id: 999_999 }, 404],
  [{ name: 'Sama' }, 400],
  [{ name: '', participant_ids: [1] }, 400],
  [{ name: 'Nikt', participant_ids: [] }, 400],
  [{ name: 'Duchy', participant_ids: [999_999] }, 400],
])('a chat of %j is refused with %i', async (body, status) => {
  const answer = await ann.post('/chats' as string, body)
  expect([answer.status, answer.body]).toEqual([status, { detail: expect.any(String) }])
})

test('archived chats are listed too, and notes to oneself have one participant', async () => {
  const notes = await anna.talkTo(anna)
  await anna.patch(`/api/conversations/${notes}/settings`, { is_archived: true })
  const { body } = await get(ann, '/chats')
  expect(body.find(({ id }: { id: number }) => id === notes).participants).toEqual([
    { id: anna.id, username: 'anna' },
  ])
})

/** All pages of somebody's chats. */
async function chatsOf(who: Person, limit: number) {
  const pages: { id: number; participants: { id: number }[] }[][] = []
  for (let path: string | undefined = `/chats?limit=${limit}`; path; ) {
    const { headers, body }: Answer = await get(who, path)
    pages.push(body)
    path = /^<(.+)>; rel="next"$/.exec(headers.get('link') ?? '')?.[1]
  }
  return pages
}

test('of a thousand chats a page has a hundred, and a Link leads to the next', async () => {
  await sql`
    with made as (
      insert into conversations (is_group, name, owner_id) select true, 'Grupa ' || n, ${dawid.id}
      from generate_series(1, 1000) n returning id
    ) insert into conversation_members (conversation_id, user_id, role) select id, ${dawid.id}, 'owner' from made`
  const program = await dawid.program()
  expect((await get(program, '/chats')).body).toHaveLength(100)
  const pages = await chatsOf(program, 100)
  const ids = pages.flat().map(({ id }) => id)
  expect([pages.length, new Set(ids).size]).toEqual([10, 1000])
  expect((await get(program, '/chats?limit=101')).status).toBe(400)
})

test('a page of chats with many participants is shorter, and names them all', async () => {
  await sql`
    insert into users (email, username) select 'wiele' || n || '@example.org', 'wiele' || n
    from generate_series(1, 999) n`
  await sql`
    with made as (
      insert into conversations (is_group, name, owner_id) select true, 'Duża ' || n, ${ewa.id}
      from generate_series(1, 12) n returning id
    ) insert into conversation_members (conversation_id, user_id, role)
    select made.id, u.id, case when u.id = ${ewa.id} then 'owner' else 'member' end
    from made, users u where u.username like 'wiele%' or u.id = ${ewa.id}`
  const pages = await chatsOf(await ewa.program(), 100)
  expect(pages.map((page) => page.length)).toEqual([5, 5, 2])
  for (const { participants } of pages.flat()) {
    expect(participants).toHaveLength(1000)
    expect(participants[0]!.id).toBe(ewa.id)
  }
})

test.each([
  ['POST', '/messages'],
  ['POST', '/chats'],
  ['PATCH', '/messages/1/edit'],
  ['DELETE', '/messages/1/delete'],
  ['POST', '/auth/login'],
  ['POST', '/auth/register'],
  ['POST', '/auth/refresh'],
  ['POST', '/auth/logout'],
])('a write from another site is refused: %s %s', async (method, path) => {
  for (const headers of [{ 'sec-fetch-site': 'cross-site' }, { origin: 'https://evil.example' }]) {
    const answer: Answer = await anna.request(method, path, { headers })
    expect([answer.status, answer.body]).toEqual([403, { detail: expect.stringContaining('another site') }])
  }
})

test('the session cookie is good here, too', async () => {
  expect((await get(anna, '/users/me')).body.id).toBe(anna.id)
  expect((await send(anna, 'z ciasteczkiem')).status).toBe(201)
})

test('an OAuth client sends a form', async () => {
  const form = {
    grant_type: 'password',
    username: 'ANNA',
    password: 'wiadomosci',
    scope: 'read',
    client_id: '',
  }
  const answer: Answer = await guest().request('POST', '/auth/login' as string, {
    body: new URLSearchParams(form).toString(),
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
  })
  expect([answer.status, answer.headers.getSetCookie()]).toEqual([200, []])
  const reader = Object.assign(guest(), { bearer: answer.body.access_token })
  expect([(await get(reader, '/chats')).status, (await send(reader, 'x')).status]).toEqual([200, 403])
})

test('who registers is not signed in', async () => {
  const zofia = guest()
  const body = { username: 'zofia', email: 'zofia@example.org', password: 'tajne-haslo' }
  const answer = await zofia.post('/auth/register' as string, body)
  expect([answer.status, answer.headers.getSetCookie(), zofia.cookie]).toEqual([201, [], ''])
  expect((await zofia.post('/api/auth/login', body)).body.user.display_name).toBe('zofia')
})

test.each<[body: object, status: number]>([
  [{ username: 'anna', email: 'inna@example.org', password: 'tajne-haslo' }, 409],
  [{ username: 'inna', email: 'ANNA@example.org', password: 'tajne-haslo' }, 409],
  [{ username: 'inna', email: 'inna@example.org', password: 'krótkie' }, 400],
  [{ username: 'i n', email: 'inna@example.org', password: 'tajne-haslo' }, 400],
  [{ username: 'inna', password: 'tajne-haslo' }, 400],
])('registering as %j is refused with %i', async (body, status) => {
  const answer = await guest().post('/auth/register' as string, body)
  expect([answer.status, answer.body]).toEqual([status, { detail: expect.any(String) }])
})

test('an unknown name, an unknown e-mail and a wrong password get the same answer', async () => {
  const login = (body: object) => guest().post('/auth/login' as string, body)
  const answers = [
    await login({ email: 'nikt@example.org', password: 'x' }),
    await login({ username: 'nikt', password: 'x' }),
    await login({ username: 'anna', password: 'x' }),
    await login({ email: 'anna@example.org', password: 'x' }),
  ]
  for (const { status, body, headers } of answers) {
    expect([status, body]).toEqual([401, answers[0]!.body])
    expect(headers.get('www-authenticate')).toBe('Bearer')
  }
})
