import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import type { Message } from '../contract/messages.ts'
import { type Person, startService } from '../testing/service.ts'

const { anna, bartek, celina, dawid } = await startService()
const { body } = await anna.post('/api/conversations', {
  name: 'Zarząd',
  member_ids: [bartek.id, celina.id],
})
const { id } = body.conversation

const shape = {
  question: 'Kto przyjdzie?',
  options: ['Będę', 'Nie', 'Może'],
  is_multiple: false,
  is_secret: false,
}
const ask = (who: Person, more: object = {}, where: number = id) =>
  who.post(`/api/conversations/${where}/polls`, { ...shape, ...more })
const asked = async (more: object = {}) => (await ask(anna, more)).body.message
const vote = (who: Person, message: { id: number }, ...option_ids: number[]) =>
  who.put(`/api/messages/${message.id}/votes`, { option_ids })
const find = async (who: Person, message: { id: number }): Promise<Message> =>
  (await who.get(`/api/conversations/${id}/messages?around_id=${message.id}`)).body.messages.find(
    (each) => each.id === message.id,
  )!
const pollFor = async (who: Person, message: { id: number }) => (await find(who, message)).poll!
const counts = async (who: Person, message: { id: number }) =>
  (await pollFor(who, message)).options.map(({ count }) => count)

test('a poll is a message with its question and options, which everybody hears of', async () => {
  const stream = await celina.listen()
  const closes_at = new Date(Date.now() + 60_000).toISOString()
  const answer = await ask(anna, { question: ' Kto  <b>za</b>? ', closes_at })
  const poll = {
    question: 'Kto <b>za</b>?',
    options: ['Będę', 'Nie', 'Może'].map((text, i) => ({ id: i + 1, text, count: 0, voters: [] })),
    is_multiple: false,
    is_secret: false,
    closes_at,
    voter_count: 0,
    my_votes: [],
  }
  expect([answer.status, answer.body.message]).toMatchObject([
    201,
    {
      kind: 'poll',
      content: '<p>📊 Kto &lt;b&gt;za&lt;/b&gt;?</p><ul><li>Będę</li><li>Nie</li><li>Może</li></ul>',
      content_text: '📊 Kto <b>za</b>?\n• Będę\n• Nie\n• Może',
      poll,
    },
  ])
  const heard = await stream.hear('new_message')
  expect(heard.message.poll).toEqual(poll)
  stream.close()
})

test('what is asked again with the same client_id is asked once', async () => {
  const client_id = crypto.randomUUID()
  const answers = await Promise.all([1, 2, 3].map(() => ask(anna, { client_id })))
  expect(new Set(answers.map((answer) => answer.body.message.id)).size).toBe(1)
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 201])
})

test.each([
  ['no question', { question: ' ' }, 'question'],
  ['a question of two lines', { question: 'a\nb' }, 'question'],
  ['a question that is too long', { question: 'x'.repeat(301) }, 'question'],
  ['one option', { options: ['Jedna'] }, 'options'],
  ['thirteen options', { options: Array.from({ length: 13 }, (_, i) => `${i}`) }, 'options'],
  ['an option twice', { options: ['Tak', ' Tak '] }, 'options'],
  ['an empty option', { options: ['Tak', ''] }, 'options.1'],
  ['an option that is too long', { options: ['Tak', 'x'.repeat(101)] }, 'options.1'],
  ['no word on how many may be chosen', { is_multiple: undefined }, 'is_multiple'],
  ['an end in the past', { closes_at: '2026-01-01T00:00:00Z' }, 'closes_at'],
  ['an end that is no time', { closes_at: 'jutro' }, 'closes_at'],
])('a poll with %s is refused', async (_, more, path) => {
  const { status, body } = await ask(anna, more)
  expect([status, body.code, body.errors?.[0]?.path]).toEqual([400, 'validation_failed', path])
})

test('votes are counted, replaced and taken back, and everybody hears the counts', async () => {
  const message = await asked()
  const stream = await celina.listen()
  const answer = await vote(bartek, message, 2)
  expect([answer.status, answer.body.message.poll]).toMatchObject([
    200,
    { my_votes: [2], voter_count: 1, options: [{}, { count: 1 }, {}] },
  ])
  const { message: told, seq } = await stream.hear('message_updated')
  expect([told.seq, seq]).toEqual([message.seq + 1, message.seq + 1])
  expect(told.poll!.options[1]).toEqual({
    id: 2,
    text: 'Nie',
    count: 1,
    voters: [{ user_id: bartek.id, user_name: 'Bartek Zieliński' }],
  })
  expect(told.poll!.my_votes).toEqual([])
  await vote(celina, message, 2)
  await vote(bartek, message, 1)
  expect(await counts(anna, message)).toEqual([1, 1, 0])
  expect((await pollFor(bartek, message)).my_votes).toEqual([1])
  expect((await pollFor(anna, message)).my_votes).toEqual([])
  const { seq: reached } = (await vote(bartek, message, 1)).body.message
  expect((await vote(bartek, message, 1)).body.message.seq).toBe(reached)
  await vote(bartek, message)
  expect(await pollFor(bartek, message)).toMatchObject({ my_votes: [], voter_count: 1 })
  stream.close()
})

test('of several answers each counts, and who gave them counts once', async () => {
  const message = await asked({ is_multiple: true })
  await vote(bartek, message, 3, 1, 3)
  await vote(celina, message, 3)
  expect(await pollFor(bartek, message)).toMatchObject({
    my_votes: [1, 3],
    voter_count: 2,
    options: [{ count: 1 }, { count: 0 }, { count: 2 }],
  })
})

test('of two devices that vote at once one wins, whole', async () => {
  const message = await asked({ is_multiple: true })
  const answers = await Promise.all(
    [[1], [2, 3], [1, 2, 3], []].flatMap((ids) => [bartek, celina].map((who) => vote(who, message, ...ids))),
  )
  expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200))
  const [mine, theirs] = [await pollFor(bartek, message), await pollFor(celina, message)]
  const all = [...mine.my_votes!, ...theirs.my_votes!]
  expect(mine.options.map(({ count }) => count)).toEqual(
    [1, 2, 3].map((o) => all.filter((v) => v === o).length),
  )
  expect(mine.voter_count).toBe([mine, theirs].filter(({ my_votes }) => my_votes!.length > 0).length)
})

test('a vote that does not fit is refused, and changes nothing', async () => {
  const message = await asked()
  const text = await anna.say(id, 'zwykła')
  expect((await vote(bartek, message, 1, 2)).body).toMatchObject({
    status: 400,
    errors: [{ path: 'option_ids' }],
  })
  expect((await vote(bartek, message, 4)).body).toMatchObject({
    status: 400,
    errors: [{ path: 'option_ids' }],
  })
  expect((await vote(dawid, message, 1)).status).toBe(404)
  expect((await vote(bartek, text, 1)).status).toBe(403)
  expect((await find(anna, message)).seq).toBe(message.seq)
})

test('a poll closes by itself: then nobody votes', async () => {
  const message = await asked({ closes_at: new Date(Date.now() + 500).toISOString() })
  expect((await vote(bartek, message, 1)).status).toBe(200)
  await sleep(600)
  const late = await vote(celina, message, 1)
  expect([late.status, late.body.code]).toEqual([403, 'forbidden'])
  expect((await vote(bartek, message)).status).toBe(403)
  expect(await counts(anna, message)).toEqual([1, 0, 0])
})

test('whoever leaves has voted', async () => {
  const message = await asked()
  await anna.post(`/api/conversations/${id}/members`, { user_ids: [dawid.id] })
  await vote(dawid, message, 1)
  await dawid.delete(`/api/conversations/${id}/members/${dawid.id}`)
  expect((await vote(dawid, message)).status).toBe(404)
  expect(await counts(anna, message)).toEqual([1, 0, 0])
})

test('with an account its votes go', async () => {
  const { sql } = await import('../db/client.ts')
  const message = await asked()
  const [gone] = await sql<[{ id: number }]>`
    insert into users (email, username, name) values ('g@example.org', 'gosia', 'Gosia') returning id`
  await sql`insert into poll_votes (message_id, user_id, option_ids) values (${message.id}, ${gone.id}, '{1}')`
  expect(await counts(anna, message)).toEqual([1, 0, 0])
  await sql`delete from users where id = ${gone.id}`
  expect(await pollFor(anna, message)).toMatchObject({ voter_count: 0 })
})

test('a poll lives as any message does', async () => {
  const message = await asked({ question: 'Wyjazd w góry?' })
  await vote(bartek, message, 1)
  expect((await bartek.get('/api/conversations')).body.conversations[0]).toMatchObject({
    last_message: { id: message.id, kind: 'poll' },
    unread_count: expect.toSatisfy((count: number) => count > 0),
  })
  expect((await bartek.post(`/api/messages/${message.id}/reactions`, { emoji: '👍' })).status).toBe(201)
  expect((await bartek.post(`/api/messages/${message.id}/pin`)).status).toBe(204)
  const { pins } = (await bartek.get(`/api/conversations/${id}/pins`)).body
  expect(pins[0]!.message.poll!.my_votes).toEqual([1])
  const reply = await bartek.say(id, 'Jadę', { reply_to_id: message.id })
  expect(reply.reply_to).toMatchObject({ excerpt: '📊 Wyjazd w góry?' })
  const { results } = (await bartek.get('/api/search?q=moze%20wyjazd')).body
  expect(results[0]).toMatchObject({ message: { id: message.id, poll: { my_votes: [1] } } })
  expect((await anna.patch(`/api/messages/${message.id}`, { content: 'x' })).body).toMatchObject({
    status: 403,
  })
})

test('a forwarded poll is text', async () => {
  const message = await asked({ is_secret: true })
  const other = await anna.talkTo(dawid)
  const { body } = await anna.post(`/api/messages/${message.id}/forward`, { conversation_ids: [other] })
  expect(body.messages[0]).toMatchObject({
    kind: 'user',
    content_text: '📊 Kto przyjdzie?\n• Będę\n• Nie\n• Może',
  })
  expect(body.messages[0]).not.toHaveProperty('poll')
})

test('a deleted poll is a deleted message, without votes', async () => {
  const { sql } = await import('../db/client.ts')
  const message = await asked()
  await vote(bartek, message, 1)
  await anna.delete(`/api/messages/${message.id}`)
  const left = await find(bartek, message)
  expect(left).toMatchObject({ kind: 'user', is_deleted: true, content: null })
  expect(left).not.toHaveProperty('poll')
  expect(await sql`select from poll_votes where message_id = ${message.id}`).toHaveLength(0)
  expect((await vote(bartek, message, 1)).status).toBe(403)
})

test('of many voters a few are named, all are counted, and who asks has their names', async () => {
  const { sql } = await import('../db/client.ts')
  const message = await asked()
  await sql`
    with people as (
      insert into users (email, username, name)
      select concat('p', n, '@example.org'), concat('p', n), 'P' from generate_series(1, 150) n returning id)
    insert into poll_votes (message_id, user_id, option_ids) select ${message.id}, id, '{2}' from people`
  await vote(bartek, message, 2)
  const { options, voter_count, my_votes } = await pollFor(bartek, message)
  expect([options[1]!.count, options[1]!.voters!.length, voter_count, my_votes]).toEqual([151, 5, 151, [2]])
  const { voters } = (await celina.get(`/api/messages/${message.id}/voters`)).body
  expect(voters).toHaveLength(151)
  expect(voters).toContainEqual({ user_id: bartek.id, user_name: 'Bartek Zieliński', option_ids: [2] })
})
