import { expect, test } from 'vitest'
import { startService } from '../testing/service.ts'

const { anna, bartek, celina, dawid, ewa } = await startService()
const { sql } = await import('../db/client.ts')
const conversation = await anna.talkTo(bartek)

const ageBy = (id: number, hours: number) =>
  sql`update messages set created_at = now() - ${hours} * interval '1 hour' where id = ${id}`

test('an edited message keeps its identity, and everyone sees the new text', async () => {
  const message = await anna.say(conversation, 'Spotkanie o 15')
  const stream = await bartek.listen()
  const answer = await anna.patch(`/api/messages/${message.id}`, { content: 'Spotkanie o <b>16</b>' })
  expect(answer.status).toBe(200)
  const edited = answer.body.message
  expect(edited).toMatchObject({
    id: message.id,
    content: 'Spotkanie o <strong>16</strong>',
    content_text: 'Spotkanie o 16',
  })
  expect(edited.seq).toBeGreaterThan(message.seq)
  expect(await stream.hear('message_edited')).toEqual({
    conversation_id: conversation,
    seq: edited.seq,
    message_id: message.id,
    new_content: edited.content,
    edited_at: edited.edited_at,
  })
  const same = await anna.patch(`/api/messages/${message.id}`, { content: edited.content })
  expect(same.body.message).toEqual(edited)
  stream.close()
})

test('a message can be edited for 24 hours', async () => {
  const [young, old] = [await anna.say(conversation, 'młoda'), await anna.say(conversation, 'stara')]
  await ageBy(young.id, 23.9)
  await ageBy(old.id, 24.1)
  expect((await anna.patch(`/api/messages/${young.id}`, { content: 'x' })).status).toBe(200)
  const late = await anna.patch(`/api/messages/${old.id}`, { content: 'x' })
  expect([late.status, late.body.code]).toEqual([403, 'edit_window_expired'])
})

test('a deleted message is cleared of everything, and everyone sees it', async () => {
  const message = await anna.say(conversation, 'tajne')
  const answer = await bartek.say(conversation, 'odpowiedź', { reply_to_id: message.id })
  await bartek.post(`/api/messages/${message.id}/reactions`, { emoji: '👍' })
  await bartek.post(`/api/messages/${message.id}/pin`)
  const stream = await bartek.listen()
  expect((await anna.delete(`/api/messages/${message.id}`)).status).toBe(204)
  const { seq } = await stream.hear('message_deleted', ({ message_id }) => message_id === message.id)
  const page = await bartek.get(`/api/conversations/${conversation}/messages`)
  const found = (id: number) => page.body.messages.find((each) => each.id === id)
  expect(found(message.id)).toMatchObject({
    seq,
    content: null,
    content_text: null,
    is_deleted: true,
    deleted_at: expect.any(String),
    is_pinned: false,
    reactions: [],
    attachments: [],
    link_preview: null,
  })
  expect(found(answer.id)!.reply_to).toMatchObject({ id: message.id, excerpt: '', is_deleted: true })
  expect((await bartek.get(`/api/conversations/${conversation}/pins`)).body.pins).toEqual([])
  expect((await anna.delete(`/api/messages/${message.id}`)).status).toBe(204)
  expect((await anna.patch(`/api/messages/${message.id}`, { content: 'x' })).status).toBe(403)
  expect((await bartek.post(`/api/messages/${message.id}/reactions`, { emoji: '👍' })).status).toBe(403)
  stream.close()
})

test('a reaction counts once, and can be removed', async () => {
  const message = await anna.say(conversation, 'Kto za?')
  const stream = await anna.listen()
  const first = await bartek.post(`/api/messages/${message.id}/reactions`, { emoji: '👍' })
  expect(first.status).toBe(201)
  expect(first.body.reaction).toMatchObject({
    message_id: message.id,
    user_id: bartek.id,
    user_name: 'Bartek Zieliński',
    emoji: '👍',
  })
  const again = await bartek.post(`/api/messages/${message.id}/reactions`, { emoji: '👍' })
  expect([again.status, again.body]).toEqual([200, first.body])
  expect(await stream.hear('reaction')).toMatchObject({
    message_id: message.id,
    user_id: bartek.id,
    emoji: '👍',
    action: 'add',
  })
  const page = await anna.get(`/api/conversations/${conversation}/messages?limit=1`)
  expect(page.body.messages[0]!.reactions).toEqual([first.body.reaction])
  expect(
    (await bartek.delete(`/api/messages/${message.id}/reactions/${encodeURIComponent('👍')}`)).status,
  ).toBe(204)
  expect(await stream.hear('reaction')).toMatchObject({ action: 'remove' })
  expect(
    (await bartek.delete(`/api/messages/${message.id}/reactions/${encodeURIComponent('👍')}`)).status,
  ).toBe(204)
  stream.close()
})

test('a reaction typed without its variation selectors is the one from the picker', async () => {
  const message = await anna.say(await anna.talkTo(bartek), 'Ładnie?')
  const path = `/api/messages/${message.id}/reactions`
  const first = await anna.post(path, { emoji: '❤\u200d🔥' })
  expect([first.status, first.body.reaction.emoji]).toEqual([201, '❤️‍🔥'])
  const again = await anna.post(path, { emoji: '❤️‍🔥' })
  expect([again.status, again.body.reaction.id]).toEqual([200, first.body.reaction.id])
  const taken = await anna.delete(`${path}/${encodeURIComponent('❤\u200d🔥')}`)
  expect(taken.status).toBe(204)
  expect((await anna.post(path, { emoji: '❤️‍🔥' })).status).toBe(201)
})

test('a reaction is a single emoji, as Unicode defines it', async () => {
  const message = await anna.say(conversation, 'Emoji')
  const react = async (emoji: string) =>
    (await anna.post(`/api/messages/${message.id}/reactions`, { emoji })).status
  for (const emoji of ['👍', '👍🏽', '❤️', '🇵🇱', '👨‍👩‍👧‍👦', '🏴󠁧󠁢󠁥󠁮󠁧󠁿', '1️⃣', '☕', '👩🏽‍❤️‍💋‍👨🏿'])
    expect(await react(emoji), emoji).toBe(201)
  for (const wrong of [
    '',
    'a',
    '1',
    '👍👍',
    '👍a',
    ' 👍',
    '🇵',
    '\u200d',
    '\ufe0f',
    '<b>',
    '👍\u0000',
    '🏽👍',
  ])
    expect(await react(wrong), JSON.stringify(wrong)).toBe(400)
  expect(await react('❤')).toBe(200)
})

test('any member can pin and unpin, and everyone sees it', async () => {
  const message = await anna.say(conversation, 'Ważne')
  const stream = await anna.listen()
  expect((await bartek.post(`/api/messages/${message.id}/pin`)).status).toBe(204)
  expect(await stream.hear('message_pinned')).toMatchObject({
    message_id: message.id,
    pinned_by: bartek.id,
    action: 'pin',
  })
  expect((await anna.post(`/api/messages/${message.id}/pin`)).status).toBe(204)
  const { pins } = (await anna.get(`/api/conversations/${conversation}/pins`)).body
  expect(pins).toMatchObject([{ message: { id: message.id, is_pinned: true }, pinned_by: bartek.id }])
  expect((await anna.delete(`/api/messages/${message.id}/pin`)).status).toBe(204)
  expect(await stream.hear('message_pinned')).toMatchObject({ pinned_by: anna.id, action: 'unpin' })
  expect((await anna.get(`/api/conversations/${conversation}/pins`)).body.pins).toEqual([])
  stream.close()
})

test('a conversation can have at most 50 pins', async () => {
  const id = await celina.talkTo(dawid)
  const messages = await Promise.all(Array.from({ length: 51 }, (_, i) => celina.say(id, `nr ${i}`)))
  const statuses = await Promise.all(
    messages.map(async ({ id }) => (await dawid.post(`/api/messages/${id}/pin`)).status),
  )
  expect(statuses.sort()).toEqual([...Array(50).fill(204), 409])
})

test('a message is forwarded to all of the chosen conversations, or to none', async () => {
  const message = await anna.say(conversation, '<p>Do <em>przekazania</em></p>')
  const [one, two] = [await bartek.talkTo(celina), await bartek.talkTo(ewa)]
  const foreign = await celina.talkTo(ewa)
  const [celinas, ewas] = [await celina.listen(), await ewa.listen()]
  const refused = await bartek.post(`/api/messages/${message.id}/forward`, {
    conversation_ids: [one, foreign, two],
  })
  expect(refused.status).toBe(404)
  expect((await celina.get(`/api/conversations/${one}/messages`)).body.messages).toEqual([])
  const answer = await bartek.post(`/api/messages/${message.id}/forward`, {
    conversation_ids: [two, one, two],
  })
  expect(answer.status).toBe(201)
  const forwarded = { message_id: message.id, sender_name: 'Anna Kowalska' }
  expect(answer.body.messages).toMatchObject([
    { conversation_id: one, content: message.content, sender_id: bartek.id, forwarded_from: forwarded },
    { conversation_id: two, forwarded_from: forwarded },
  ])
  expect((await celinas.hear('new_message')).message).toEqual(answer.body.messages[0])
  expect((await ewas.hear('new_message')).message).toEqual(answer.body.messages[1])
  const onward = await ewa.post(`/api/messages/${answer.body.messages[1]!.id}/forward`, {
    conversation_ids: [foreign],
  })
  expect(onward.body.messages[0]!.forwarded_from).toEqual(forwarded)
  for (const stream of [celinas, ewas]) stream.close()
})

test('two users who forward crosswise do not deadlock', async () => {
  const message = await dawid.say(await dawid.talkTo(ewa), 'w koło')
  const ids = [await dawid.talkTo(ewa), await dawid.talkTo(celina), await dawid.talkTo(anna)]
  const answers = await Promise.all(
    Array.from({ length: 20 }, (_, i) =>
      dawid.post(`/api/messages/${message.id}/forward`, { conversation_ids: i % 2 ? ids : ids.toReversed() }),
    ),
  )
  expect(answers.map((answer) => answer.status)).toEqual(Array(20).fill(201))
})

test('asking for changes since a seq returns all of them, in order, and nothing else', async () => {
  const id = await bartek.talkTo(dawid)
  const [first, second] = [await bartek.say(id, 'pierwsza'), await bartek.say(id, 'druga')]
  await bartek.patch(`/api/messages/${first.id}`, { content: 'pierwsza, poprawiona' })
  await dawid.post(`/api/messages/${second.id}/reactions`, { emoji: '👍' })
  const { body } = await dawid.get(`/api/conversations/${id}/changes?after_seq=${second.seq}`)
  expect(body).toMatchObject({ seq: 4, has_more: false, conversation: { id, seq: 4 } })
  expect(body.messages).toMatchObject([
    { id: first.id, seq: 3, content_text: 'pierwsza, poprawiona' },
    { id: second.id, seq: 4, reactions: [{ emoji: '👍' }] },
  ])
  const none = await dawid.get(`/api/conversations/${id}/changes?after_seq=4`)
  expect(none.body).toMatchObject({ messages: [], seq: 4, has_more: false })
})

test('more than 500 changes come in consecutive pages without gaps', async () => {
  const id = await celina.talkTo(anna)
  for (let i = 0; i < 11; i++)
    await Promise.all(Array.from({ length: 50 }, (_, j) => celina.say(id, `nr ${i * 50 + j}`)))
  const first = (await anna.get(`/api/conversations/${id}/changes?after_seq=0`)).body
  expect([first.messages.length, first.has_more, first.seq]).toEqual([500, true, 500])
  const rest = (await anna.get(`/api/conversations/${id}/changes?after_seq=${first.seq}`)).body
  expect([rest.messages.length, rest.has_more, rest.seq]).toEqual([50, false, 550])
})

test('long messages come in consecutive pages of bounded size', async () => {
  const made = await dawid.post('/api/conversations', { name: 'Długie', member_ids: [anna.id] })
  const { id } = made.body.conversation
  for (let i = 0; i < 60; i++) await dawid.say(id, `<p>${'ż'.repeat(15_000)} ${i}</p>`)
  const seqs: number[] = []
  for (let after = 0; ; ) {
    const { body } = await anna.get(`/api/conversations/${id}/changes?after_seq=${after}`)
    expect(JSON.stringify(body.messages).length).toBeLessThan(4 * 1024 * 1024)
    seqs.push(...body.messages.map(({ seq }) => seq))
    if (!body.has_more) break
    after = body.seq
  }
  expect(seqs).toEqual(Array.from({ length: 60 }, (_, i) => i + 1))
})

test('a message that reaches the recipient counts as delivered, and the sender sees it', async () => {
  const id = await ewa.talkTo(dawid)
  const [sender, recipient] = [await ewa.listen(), await dawid.listen()]
  const message = await ewa.say(id, 'Dotarło?')
  expect(
    await sender.hear('message_delivered', ({ conversation_id }) => conversation_id === id),
  ).toMatchObject({
    conversation_id: id,
    user_id: dawid.id,
    message_id: message.id,
  })
  const { members } = (await ewa.get(`/api/conversations/${id}`)).body.conversation
  const dawids = members!.find((member) => member.user_id === dawid.id)
  expect(dawids).toMatchObject({ last_delivered_message_id: message.id, last_read_message_id: null })
  for (const stream of [sender, recipient]) stream.close()
})

test('messages sent while the recipient was away are delivered when they come online', async () => {
  const id = await celina.talkTo(ewa)
  const message = await celina.say(id, 'na później')
  const sender = await celina.listen()
  const recipient = await ewa.listen()
  const receipt = await sender.hear(
    'message_delivered',
    (data) => data.conversation_id === id && data.user_id === ewa.id,
  )
  expect(receipt).toMatchObject({ user_id: ewa.id, message_id: message.id })
  for (const stream of [sender, recipient]) stream.close()
})

test('ten reads within a second are published at most twice', async () => {
  const id = await ewa.talkTo(bartek)
  const messages: { id: number }[] = []
  for (let i = 0; i < 10; i++) messages.push(await ewa.say(id, `nr ${i}`))
  const stream = await ewa.listen()
  for (const message of messages)
    await bartek.post(`/api/conversations/${id}/read`, { message_id: message.id })
  await stream.hear('message_read', ({ message_id }) => message_id === messages[9]!.id)
  expect(stream.events.filter(({ event }) => event === 'message_read').length).toBeLessThan(2)
  stream.close()
})
