import { expect, test } from 'vitest'
import { NodusClient } from '../../testing/nodus-client.ts'
import { type Person, startService } from '../../testing/service.ts'

const { address, anna, bartek, celina, dawid } = await startService()
const { sql } = await import('../../db/client.ts')
const clientOf = (person: Person) => new NodusClient(address, { cookie: person.cookie })
const [annas, bartkas, celinas] = [clientOf(anna), clientOf(bartek), clientOf(celina)]
const chat = await anna.talkTo(bartek)
const elsewhere = await anna.talkTo(celina)
const stored = async () => Number((await sql<{ count: number }[]>`select count(*) from messages`)[0]!.count)

test.each([
  ['a tag', '<b>pogrubione</b>'],
  ['a whole paragraph', '<p>akapit</p><p>drugi</p>'],
  ['a script', '<script>alert(1)</script>'],
  ['an image that runs something', '<img src=x onerror="alert(1)">'],
  ['a comparison', 'a < b && c > d'],
  ['an entity', '&lt;b&gt; &amp;amp; &nbsp;'],
  ['a mention as our editor writes it', '<span class="mention">@anna</span>'],
  ['several lines', 'pierwsza\ndruga\n\nczwarta'],
  ['an address', 'https://example.org/?a=1&b=<2>'],
  ['emoji', '👍🏽 👨‍👩‍👧‍👦 🇵🇱 ❤️'],
  ['Arabic', 'مرحبا بالعالم'],
  ['Hebrew beside Latin', 'שלום abc 123, עולם!'],
  ['signs beyond the first plane', '𝔘𝔫𝔦𝔠𝔬𝔡𝔢 𠮷'],
  ['template signs', '<%= it.x %> {{x}}'],
])('%s stays the text that it is, sent and edited', async (_, content) => {
  const sent = (await annas.send(chat, content)).body
  expect(sent.content).toBe(content)
  const [seen] = (await bartkas.messages(chat, { limit: 1 })).body.messages
  expect(seen).toEqual(sent)
  const { messages } = (await bartek.get(`/api/conversations/${chat}/messages?limit=1`)).body
  expect(messages[0]!.content).toMatch(/^<p>/)
  expect(messages[0]!.content!.replaceAll(/<\/?p>|<br>/g, '')).not.toMatch(/[<>]/)
  const other = (await annas.send(chat, 'coś innego')).body
  const edited = (await annas.edit(other.id, content)).body
  expect(edited).toEqual({ ...other, content, updated_at: expect.stringMatching(/Z$/) })
})

test('what was written on our page is plain text', async () => {
  await anna.say(chat, '<p>Lista <strong>zakupów</strong></p><ul><li>chleb</li><li>mleko</li></ul>')
  const [message] = (await bartkas.messages(chat, { limit: 1 })).body.messages
  expect(message).toMatchObject({ type: 'text', content: 'Lista zakupów\n• chleb\n• mleko', payload: null })
})

test.each([
  ['nothing but what is needed', {}],
  ['every field, as far as there is something to say', { type: 'text', payload: null, reply_to_id: null }],
  ['an empty payload', { payload: {} }],
  ['no files', { payload: { attachment_ids: [] } }],
])('a message with %s is accepted', async (_, more) => {
  const { status, body } = await annas.send(chat, 'dobrze', more)
  expect([status, body]).toMatchObject([201, { type: 'text', payload: null, reply_to_id: null }])
})

const long = 'ż'.repeat(20_001)
test.each<[what: string, body: object, status: number, says: RegExp]>([
  ['no chat', { content: 'x' }, 400, /chat_id/],
  ['a chat that is no number', { chat_id: 'x', content: 'x' }, 400, /chat_id/],
  ['a chat that there is not', { chat_id: 999_999, content: 'x' }, 404, /./],
  ["somebody else's chat", { chat_id: await bartek.talkTo(celina), content: 'x' }, 404, /./],
  ['no content', { chat_id: chat }, 400, /content/],
  ['empty content', { chat_id: chat, content: '' }, 400, /content/],
  ['nothing to be seen', { chat_id: chat, content: ' \n\u200b' }, 400, /content/],
  ['content that is no text', { chat_id: chat, content: 7 }, 400, /content/],
  ['content with U+0000', { chat_id: chat, content: 'a\0b' }, 400, /content/],
  ['too many characters', { chat_id: chat, content: long }, 400, /20000/],
  ['too many bytes', { chat_id: chat, content: 'x'.repeat(70_000) }, 413, /64 KiB/],
  ['a type that nobody may send', { chat_id: chat, content: 'x', type: 'system' }, 400, /type/],
  ['an unknown type', { chat_id: chat, content: 'x', type: 'sticker' }, 400, /type/],
  ['an image that is not there', { chat_id: chat, content: 'x', type: 'image' }, 400, /attachment_ids/],
  [
    'an unknown payload',
    { chat_id: chat, content: 'x', payload: { lat: 1 } },
    400,
    /payload: must be null or/,
  ],
  ['a payload that is no object', { chat_id: chat, content: 'x', payload: 'x' }, 400, /payload/],
  ['the payload of an answer', { chat_id: chat, content: 'x', payload: { attachments: [] } }, 400, /payload/],
  [
    "files that are not one's own",
    { chat_id: chat, content: '', payload: { attachment_ids: [999] } },
    400,
    /ment/,
  ],
  ['an answer to nothing', { chat_id: chat, content: 'x', reply_to_id: 999_999 }, 400, /reply_to_id/],
])('a message with %s is refused with a reason, and nothing is stored', async (_, body, status, says) => {
  const before = await stored()
  expect(await annas.ask('POST', '/messages', body)).toEqual({
    status,
    body: { detail: expect.stringMatching(says) },
  })
  expect(await stored()).toBe(before)
})

test('a reply to a message of another chat is refused', async () => {
  const { id } = (await annas.send(elsewhere, 'gdzie indziej')).body
  expect((await annas.send(chat, 'odpowiedź', { reply_to_id: id })).status).toBe(400)
})

test("others' messages, deleted ones and system lines cannot be changed", async () => {
  const made = await anna.post('/api/conversations', { name: 'Rada', member_ids: [bartek.id, celina.id] })
  const group = made.body.conversation.id
  await anna.patch(`/api/conversations/${group}`, { name: 'Narada' })
  const [line] = (await annas.messages(group, { limit: 1 })).body.messages
  expect(line).toMatchObject({ type: 'system', author_id: anna.id, payload: null, reactions: [] })
  expect(line!.content).toContain('Narada')
  const bartkasOwn = (await bartkas.send(group, 'Bartka')).body
  const gone = (await annas.send(group, 'było')).body
  await annas.remove(gone.id)
  const refused = [
    await annas.edit(line!.id, 'x'),
    await annas.remove(line!.id),
    await annas.react(line!.id, '👍'),
    await annas.edit(bartkasOwn.id, 'x'),
    await annas.remove(bartkasOwn.id),
    await annas.edit(gone.id, 'x'),
    await annas.react(gone.id, '👍'),
    await annas.forward(gone.id, [chat]),
  ]
  expect(refused).toEqual(refused.map(() => ({ status: 403, body: { detail: expect.any(String) } })))
})

test('a payload cannot be changed, and is not ignored', async () => {
  const { id } = (await annas.send(chat, 'stare')).body
  const body = { content: 'nowe', payload: { attachment_ids: [1] } }
  expect(await annas.ask('PATCH', `/messages/${id}`, body)).toEqual({
    status: 400,
    body: { detail: expect.stringContaining('payload: cannot be changed') },
  })
  expect((await annas.ask('PATCH', `/messages/${id}`, { ...body, payload: null })).status).toBe(200)
})

test('a message can be edited for 24 hours', async () => {
  const { id } = (await annas.send(chat, 'stara')).body
  await sql`update messages set created_at = now() - interval '25 hours' where id = ${id}`
  expect((await annas.edit(id, 'nowa')).status).toBe(403)
})

test('a message that is deleted twice is answered the same', async () => {
  const { id } = (await annas.send(chat, 'raz')).body
  const first = await annas.remove(id)
  expect(await annas.remove(id)).toEqual(first)
})

test.each([
  ['👍', 201, '👍'],
  ['❤', 201, '❤️'],
  ['1️⃣', 201, '1️⃣'],
  ['👨‍👩‍👧‍👦', 201, '👨‍👩‍👧‍👦'],
  ['🏴󠁧󠁢󠁳󠁣󠁴󠁿', 201, '🏴󠁧󠁢󠁳󠁣󠁴󠁿'],
  ['', 400, undefined],
  ['x', 400, undefined],
  ['👍👍', 400, undefined],
  ['👍 ', 400, undefined],
  ['👍'.repeat(11), 400, undefined],
  ['<b>', 400, undefined],
])('the reaction %j is answered with %i', async (emoji, status, kept) => {
  const { id } = (await annas.send(chat, 'I co?')).body
  const answer = await bartkas.react(id, emoji)
  expect([answer.status, answer.body.emoji]).toEqual([status, kept])
  if (status === 400) expect(answer.body.detail).toContain('must be one emoji')
  if (!kept) return
  expect((await bartkas.takeBack(id, emoji)).status).toBe(204)
  expect((await bartkas.messages(chat, { limit: 1 })).body.messages[0]!.reactions).toEqual([])
})

test("taking back somebody else's reaction takes nothing away", async () => {
  const { id } = (await annas.send(chat, 'Zostaje')).body
  await bartkas.react(id, '👍')
  expect((await annas.takeBack(id, '👍')).status).toBe(204)
  expect((await annas.messages(chat, { limit: 1 })).body.messages[0]!.reactions).toHaveLength(1)
})

test('a message is read once everybody else has read it', async () => {
  const made = await anna.post('/api/conversations', { name: 'Trio', member_ids: [bartek.id, celina.id] })
  const group = made.body.conversation.id
  const [first, second] = [(await annas.send(group, '1')).body, (await annas.send(group, '2')).body]
  const statuses = async () =>
    (await celinas.messages(group)).body.messages.slice(-2).map(({ status }) => status)
  await bartek.post(`/api/conversations/${group}/read`, { message_id: second.id })
  expect(await statuses()).toEqual(['delivered', 'delivered'])
  await celina.post(`/api/conversations/${group}/read`, { message_id: first.id })
  expect(await statuses()).toEqual(['read', 'delivered'])
  await celina.post(`/api/conversations/${group}/read`)
  expect(await statuses()).toEqual(['read', 'read'])
})

test('a link preview is part of the payload', async () => {
  const { id } = (await annas.send(chat, 'https://example.org/')).body
  const link_preview = { url: 'https://example.org/', title: 'Example', description: null, image: null }
  await sql`update messages set link_preview = ${sql.json(link_preview)} where id = ${id}`
  const [message] = (await bartkas.messages(chat, { limit: 1 })).body.messages
  expect(message).toMatchObject({ type: 'text', payload: { attachments: [], link_preview } })
})

test('a page has up to 100 messages, and 50 by default', async () => {
  const notes = await dawid.talkTo(dawid)
  await sql`
    insert into messages (conversation_id, seq, sender_id, content, content_text)
    select ${notes}, i, ${dawid.id}, '<p>' || i || '</p>', i from generate_series(1, 120) i`
  const dawids = clientOf(dawid)
  expect((await dawids.messages(notes)).body.messages).toHaveLength(50)
  const page = (await dawids.messages(notes, { limit: 100 })).body
  expect(page.messages.map(({ content }) => content)).toEqual(
    Array.from({ length: 100 }, (_, i) => String(i + 21)),
  )
  const rest = (await dawids.messages(notes, { limit: 100, before_id: page.next_cursor! })).body
  expect([rest.messages.length, rest.has_more, rest.next_cursor]).toEqual([20, false, null])
  for (const query of ['limit=0', 'limit=101', 'limit=x', 'before_id=0', 'before_id=x'])
    expect((await dawids.ask('GET', `/messages?chat_id=${notes}&${query}`)).status, query).toBe(400)
  expect(await dawids.ask('GET', '/messages')).toEqual({
    status: 400,
    body: { detail: expect.stringContaining('chat_id') },
  })
})

test('our page hears what clients of NODUS do', async () => {
  const stream = await bartek.listen()
  const { id } = (await annas.send(chat, 'Słychać?')).body
  expect((await stream.hear('new_message')).message).toMatchObject({ id, content: '<p>Słychać?</p>' })
  await annas.edit(id, 'Słychać!')
  expect(await stream.hear('message_edited')).toMatchObject({
    message_id: id,
    new_content: '<p>Słychać!</p>',
  })
  await annas.react(id, '👍')
  expect(await stream.hear('reaction')).toMatchObject({ message_id: id, emoji: '👍', action: 'add' })
  await annas.remove(id)
  expect(await stream.hear('message_deleted')).toMatchObject({ message_id: id })
  stream.close()
})

test('what is no endpoint is not found', async () => {
  for (const [method, path] of [
    ['GET', ''],
    ['GET', '/nothing'],
    ['PUT', '/messages/1'],
    ['GET', '/messages/1'],
    ['GET', '/chats'],
  ] as const)
    expect(await annas.ask(method, path)).toEqual({ status: 404, body: { detail: 'Not found.' } })
})
