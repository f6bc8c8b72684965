import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import { upload } from '../testing/files.ts'
import { startService } from '../testing/service.ts'

const { anna, bartek, celina, dawid, ewa } = await startService()
const conversation = await anna.talkTo(bartek)
const messagesOf = (id: number) => `/api/conversations/${id}/messages` as const

test('a message reaches the recipient at once, and is stored', async () => {
  const stream = await bartek.listen()
  const sent = await anna.post(messagesOf(conversation), { content: '<p>Cześć <b>Bartku</b> 👋</p>' })
  expect(sent.status).toBe(201)
  expect(sent.body.message).toMatchObject({
    conversation_id: conversation,
    kind: 'user',
    sender_id: anna.id,
    sender: { username: 'anna', display_name: 'Anna Kowalska' },
    content: '<p>Cześć <strong>Bartku</strong> 👋</p>',
    content_text: 'Cześć Bartku 👋',
    is_deleted: false,
    is_pinned: false,
    attachments: [],
    reactions: [],
  })
  expect(sent.body.message.created_at).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)
  const heard = await stream.hear('new_message')
  expect(heard).toEqual({
    conversation_id: conversation,
    seq: sent.body.message.seq,
    message: sent.body.message,
  })
  const page = await bartek.get(messagesOf(conversation))
  expect(page.body.messages.at(-1)).toEqual(sent.body.message)
  stream.close()
})

test('the sender receives it on their other devices', async () => {
  const stream = await anna.listen()
  const message = await anna.say(conversation, 'z telefonu')
  expect((await stream.hear('new_message')).message.id).toBe(message.id)
  stream.close()
})

test('plain text becomes a paragraph that keeps its line breaks and special characters', async () => {
  const message = await anna.say(conversation, '3 < 5 && 5 > 3\ndruga linia')
  expect(message.content).toBe('<p>3 &lt; 5 &amp;&amp; 5 &gt; 3<br>druga linia</p>')
  expect(message.content_text).toBe('3 < 5 && 5 > 3\ndruga linia')
})

test('repeating a client_id returns the first message, even fifty times at once', async () => {
  const client_id = randomUUID()
  const answers = await Promise.all(
    Array.from({ length: 50 }, () => anna.post(messagesOf(conversation), { content: 'raz', client_id })),
  )
  expect(new Set(answers.map((answer) => answer.body.message.id)).size).toBe(1)
  expect(answers.map((answer) => answer.status).sort()).toEqual([...Array(49).fill(200), 201])
  const other = await celina.talkTo(anna)
  const elsewhere = await anna.post(messagesOf(other), { content: 'inna', client_id })
  expect([elsewhere.status, elsewhere.body.message.id]).toEqual([200, answers[0]!.body.message.id])
  const someoneElse = await bartek.post(messagesOf(conversation), { content: 'moja', client_id })
  expect(someoneElse.status).toBe(201)
})

test('the same client_id in two conversations at once stores one message', async () => {
  const [one, two] = [await dawid.talkTo(anna), await dawid.talkTo(bartek)]
  for (let round = 0; round < 10; round++) {
    const client_id = randomUUID()
    const answers = await Promise.all(
      [one, two].map((id) => dawid.post(messagesOf(id), { content: 'raz', client_id })),
    )
    expect(answers.map((answer) => answer.status).sort()).toEqual([200, 201])
    expect(answers[0]!.body.message.id).toBe(answers[1]!.body.message.id)
  }
})

test('concurrent messages take each seq once, with ids in the same order', async () => {
  const { body } = await anna.post('/api/conversations', {
    name: 'Tłok',
    member_ids: [bartek.id, celina.id, dawid.id, ewa.id],
  })
  const { id } = body.conversation
  const people = [anna, bartek, celina, dawid, ewa]
  const sent = await Promise.all(Array.from({ length: 100 }, (_, i) => people[i % 5]!.say(id, `nr ${i}`)))
  const inOrder = sent.toSorted((a, b) => a.seq - b.seq)
  expect(inOrder.map((message) => message.seq)).toEqual(Array.from({ length: 100 }, (_, i) => i + 1))
  expect(inOrder.map((message) => message.id)).toEqual(
    sent.map((message) => message.id).sort((a, b) => a - b),
  )
  const seen = await ewa.get(`/api/conversations/${id}`)
  expect(seen.body.conversation).toMatchObject({ seq: 100, last_message: { id: inOrder.at(-1)!.id } })
})

test('a reply can quote only a message of its own conversation', async () => {
  const question = await anna.say(conversation, 'Kto ma klucze?')
  const answer = await bartek.say(conversation, 'Ja', { reply_to_id: question.id })
  expect(answer.reply_to).toEqual({
    id: question.id,
    sender_id: anna.id,
    sender_name: 'Anna Kowalska',
    excerpt: 'Kto ma klucze?',
    is_deleted: false,
  })
  const other = await anna.talkTo(celina)
  const wrong = await anna.post(messagesOf(other), { content: 'Ja', reply_to_id: question.id })
  expect([wrong.status, wrong.body.code]).toEqual([400, 'validation_failed'])
})

test('a reply to a message with only a file quotes the file’s name', async () => {
  const { body } = await upload(anna, 'notatki', 'zebranie.txt')
  const files = { attachment_ids: [body.attachment.id] }
  const sent = await anna.post(messagesOf(conversation), { content: '\u200b', ...files })
  expect(sent.body.message).toMatchObject({ content: '', content_text: '' })
  const answer = await bartek.say(conversation, 'Dzięki', { reply_to_id: sent.body.message.id })
  expect(answer.reply_to).toMatchObject({ excerpt: 'zebranie.txt', is_deleted: false })
  await anna.delete(`/api/messages/${sent.body.message.id}`)
  const { body: page } = await bartek.get(messagesOf(conversation))
  expect(page.messages.at(-1)!.reply_to).toMatchObject({ excerpt: '', is_deleted: true })
})

test('text that only looks like a tag is kept, when sent and when edited', async () => {
  const written = 'Napisz do Jan Nowak <jan@example.org> dzisiaj'
  const sent = await anna.say(conversation, '<https://example.org/x>')
  expect(sent.content_text).toBe('<https://example.org/x>')
  const edited = await anna.patch(`/api/messages/${sent.id}`, { content: written })
  expect(edited.body.message).toMatchObject({
    content: '<p>Napisz do Jan Nowak &lt;jan@example.org&gt; dzisiaj</p>',
    content_text: written,
  })
})

test('pages join without gaps or repeats, in both directions and around a message', async () => {
  const id = await celina.talkTo(ewa)
  const ids: number[] = []
  for (let i = 0; i < 25; i++) ids.push((await celina.say(id, `nr ${i}`)).id)
  const read = async (query: string) => {
    const { body } = await ewa.get(`${messagesOf(id)}?limit=10${query}`)
    return {
      ids: body.messages.map((message) => message.id),
      next: body.next_cursor,
      more: body.has_more,
    }
  }
  const newest = await read('')
  expect(newest).toEqual({ ids: ids.slice(15), next: ids[15], more: true })
  expect(await read(`&before_id=${newest.next}`)).toEqual({ ids: ids.slice(5, 15), next: ids[5], more: true })
  expect(await read(`&before_id=${ids[5]}`)).toEqual({ ids: ids.slice(0, 5), next: null, more: false })
  expect(await read(`&after_id=${ids[3]}`)).toEqual({ ids: ids.slice(4, 14), next: ids[13], more: true })
  expect(await read(`&after_id=${ids[14]}`)).toEqual({ ids: ids.slice(15), next: null, more: false })
  expect((await read(`&around_id=${ids[12]}`)).ids).toEqual(ids.slice(7, 17))
})

test('a page says whether there is anything newer, and as of which seq it is', async () => {
  const { body } = await dawid.post('/api/conversations', { name: 'Pusta', member_ids: [anna.id] })
  const { id } = body.conversation
  const empty = await anna.get(messagesOf(id))
  expect(empty.body).toEqual({ messages: [], has_more: false, has_newer: false, next_cursor: null, seq: 0 })
  const ids: number[] = []
  for (let i = 0; i < 25; i++) ids.push((await dawid.say(id, `nr ${i}`)).id)
  await dawid.patch(`/api/messages/${ids[3]}`, { content: 'zmieniona' })
  const page = async (query: string) => (await anna.get(`${messagesOf(id)}?limit=10${query}`)).body
  const newer = async (query: string) => (await page(query)).has_newer
  expect(await page('')).toMatchObject({ has_newer: false, seq: 26 })
  expect(await newer(`&around_id=${ids[19]}`)).toBe(true)
  expect(await newer(`&around_id=${ids[20]}`)).toBe(false)
  expect(await newer(`&around_id=${ids[24]}`)).toBe(false)
  expect(await newer(`&around_id=${ids[24]! + 1000}`)).toBe(false)
  expect(await newer(`&around_id=${ids[0]}`)).toBe(true)
  expect(await page(`&after_id=${ids[3]}`)).toMatchObject({ has_more: true, seq: 26 })
  expect(await page(`&before_id=${ids[3]}`)).toMatchObject({ has_more: false, seq: 26 })
})

test('the read position moves forward, never back, and is published to the others', async () => {
  const id = await dawid.talkTo(ewa)
  const first = await dawid.say(id, 'pierwsza')
  const second = await dawid.say(id, 'druga')
  const unread = async () => (await ewa.get(`/api/conversations/${id}`)).body.conversation.unread_count
  expect(await unread()).toBe(2)
  const stream = await dawid.listen()
  expect((await ewa.post(`/api/conversations/${id}/read`, { message_id: first.id })).status).toBe(204)
  expect(await stream.hear('message_read')).toMatchObject({
    conversation_id: id,
    user_id: ewa.id,
    message_id: first.id,
  })
  expect(await unread()).toBe(1)
  await ewa.post(`/api/conversations/${id}/read`)
  expect(await stream.hear('message_read')).toMatchObject({ message_id: second.id })
  await ewa.post(`/api/conversations/${id}/read`, { message_id: first.id })
  expect(await unread()).toBe(0)
  const foreign = await anna.say(conversation, 'gdzie indziej')
  expect((await ewa.post(`/api/conversations/${id}/read`, { message_id: foreign.id })).status).toBe(404)
  stream.close()
})

test('replying marks earlier messages as read on the server; forwarding does not', async () => {
  const { body } = await anna.post('/api/conversations', {
    name: 'Odpowiedzi',
    member_ids: [bartek.id, celina.id],
  })
  const { id } = body.conversation
  const conversationOf = async (who: typeof anna) =>
    (await who.get(`/api/conversations/${id}`)).body.conversation
  const readBy = async (who: typeof anna) => {
    const { members, unread_count, first_unread_id } = await conversationOf(who)
    const me = members!.find((member) => member.user_id === who.id)
    return [me!.last_read_message_id, unread_count, first_unread_id]
  }
  const [first, second] = [await anna.say(id, 'pierwsza'), await anna.say(id, 'druga')]
  expect(await readBy(bartek)).toEqual([null, 2, first.id])
  const elsewhere = await bartek.say(conversation, 'z innej')
  const sentOn = await bartek.post(`/api/messages/${elsewhere.id}/forward`, { conversation_ids: [id] })
  const forwarded = sentOn.body.messages[0]!.id
  expect(await readBy(bartek)).toEqual([null, 2, first.id])
  const answer = await bartek.say(id, 'odpowiedź')
  expect(await readBy(bartek)).toEqual([answer.id, 0, null])
  expect((await readBy(celina))[2]).toBe(first.id)
  await celina.post(`/api/conversations/${id}/read`, { message_id: second.id })
  await bartek.patch(`/api/conversations/${id}`, { name: 'Inaczej' })
  expect((await readBy(celina)).slice(1)).toEqual([2, forwarded])
  // Neither system lines nor deleted messages count as unread.
  await bartek.delete(`/api/messages/${answer.id}`)
  expect(await readBy(anna)).toEqual([second.id, 1, forwarded])
})

test('the unread count stops at a hundred', async () => {
  const id = await bartek.talkTo(celina)
  await Promise.all(Array.from({ length: 105 }, (_, i) => bartek.say(id, `nr ${i}`)))
  expect((await celina.get(`/api/conversations/${id}`)).body.conversation.unread_count).toBe(100)
})
