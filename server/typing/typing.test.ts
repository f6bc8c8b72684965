import { expect, test } from 'vitest'
import { durations as presence } from '../presence/durations.ts'
import { type Person, startService } from '../testing/service.ts'
import { durations } from './durations.ts'

Object.assign(durations, { stopsAfter: 600, publishEvery: 200 })
// Presence is not what is listened for here.
Object.assign(presence, { grace: 60_000 })
const { anna, bartek, celina, dawid, ewa } = await startService()
const { stopTyping } = await import('./typing.ts')
const { sql } = await import('../db/client.ts')

const type = (person: Person, id: number, body = {}) => person.post(`/api/conversations/${id}/typing`, body)
const typingEvents = (listener: { events: { event: string; data: unknown }[] }) =>
  listener.events.filter(({ event }) => event === 'typing')
const isTyping = (data: { is_typing: boolean }) => data.is_typing
const hasStopped = (data: { is_typing: boolean }) => !data.is_typing

test('the other members see who is typing, by all their names', async () => {
  const { body } = await anna.post('/api/conversations', { name: 'Trio', member_ids: [bartek.id, celina.id] })
  const id = body.conversation.id
  const listeners = await Promise.all([anna, bartek, celina, dawid].map((person) => person.listen()))
  const [annas, bartkas, celinas, dawids] = listeners
  const { status, body: answer } = await type(anna, id)
  expect([status, answer]).toEqual([204, ''])
  const expected = {
    conversation_id: id,
    user_id: anna.id,
    user_name: 'Anna Kowalska',
    username: 'anna',
    display_name: 'Anna Kowalska',
    is_typing: true,
  }
  expect(await bartkas!.hear('typing')).toEqual(expected)
  expect(await celinas!.hear('typing')).toEqual(expected)
  expect(await bartkas!.hear('typing')).toEqual({ ...expected, is_typing: false })
  // It would have come before this one.
  await bartek.say(id, 'dla wszystkich')
  await annas!.hear('new_message')
  await dawid.say(await dawid.talkTo(dawid), 'notatka')
  await dawids!.hear('new_message')
  expect(typingEvents(annas!)).toEqual([])
  expect(typingEvents(dawids!)).toEqual([])
  for (const listener of listeners) listener.close()
})

test('typing is published at most once in a while, and its end a while after the last key', async () => {
  const id = await anna.talkTo(bartek)
  const stream = await bartek.listen()
  const start = performance.now()
  while (performance.now() - start < 700) expect((await type(anna, id)).status).toBe(204)
  const last = performance.now()
  await stream.hear('typing', hasStopped)
  expect(performance.now() - last).toBeGreaterThan(500)
  expect(performance.now() - last).toBeLessThan(1200)
  const published = typingEvents(stream).length
  expect(published).toBeGreaterThanOrEqual(2)
  expect(published).toBeLessThanOrEqual(4)
  stream.close()
})

test('each conversation and each person is counted separately', async () => {
  const [first, second] = [await anna.talkTo(celina), await bartek.talkTo(celina)]
  const stream = await celina.listen()
  await Promise.all([type(anna, first), type(bartek, second)])
  await stream.hear('typing', (data) => data.is_typing && data.conversation_id === first)
  await stream.hear('typing', (data) => data.is_typing && data.conversation_id === second)
  await stream.hear('typing', (data) => hasStopped(data) && data.conversation_id === first)
  await stream.hear('typing', (data) => hasStopped(data) && data.conversation_id === second)
  stream.close()
})

test('a stop is published, however many others go on typing', async () => {
  const [first, second] = [await anna.talkTo(bartek), await celina.talkTo(dawid)]
  const stream = await bartek.listen()
  await type(anna, first)
  const going = setInterval(() => void type(celina, second), 50)
  await stream.hear('typing', (data) => hasStopped(data) && data.conversation_id === first)
  clearInterval(going)
  await type(celina, second, { is_typing: false })
  stream.close()
})

test('an explicit stop is published, once', async () => {
  const id = await dawid.talkTo(ewa)
  const stream = await ewa.listen()
  await type(dawid, id, { is_typing: true })
  await stream.hear('typing', isTyping)
  const start = performance.now()
  for (let i = 0; i < 3; i++) expect((await type(dawid, id, { is_typing: false })).status).toBe(204)
  await stream.hear('typing', hasStopped)
  expect(performance.now() - start).toBeLessThan(500)
  await dawid.say(id, 'koniec')
  await stream.hear('new_message')
  expect(typingEvents(stream)).toEqual([])
  stream.close()
})

test('a stop without a start is not published', async () => {
  const id = await celina.talkTo(dawid)
  const stream = await dawid.listen()
  await type(celina, id, { is_typing: false })
  stopTyping(celina.id, id)
  stopTyping(celina.id, 999_999)
  await celina.say(id, 'bez pisania')
  await stream.hear('new_message')
  expect(typingEvents(stream)).toEqual([])
  stream.close()
})

test('sending stops the indicator at once', async () => {
  const id = await ewa.talkTo(anna)
  const stream = await anna.listen()
  await type(ewa, id)
  await stream.hear('typing', isTyping)
  const start = performance.now()
  await ewa.say(id, 'napisane')
  await stream.hear('typing', hasStopped)
  expect(performance.now() - start).toBeLessThan(400)
  stream.close()
})

test('only members can type in a conversation', async () => {
  const id = await anna.talkTo(bartek)
  expect((await type(dawid, id)).status).toBe(404)
  expect((await type(dawid, id, { is_typing: false })).status).toBe(404)
  expect((await type(anna, 999_999)).status).toBe(404)
  const { body } = await anna.post('/api/conversations', { name: 'Na chwilę', member_ids: [bartek.id] })
  await sql`update conversations set deleted_at = now() where id = ${body.conversation.id}`
  expect((await type(anna, body.conversation.id)).status).toBe(404)
  for (const is_typing of ['true', 1, null, []])
    expect((await type(anna, id, { is_typing })).status).toBe(400)
})

test('nothing more is published about typing in a deleted group', async () => {
  const { body } = await anna.post('/api/conversations', { name: 'Już niedługo', member_ids: [bartek.id] })
  const stream = await bartek.listen()
  await type(anna, body.conversation.id)
  await stream.hear('typing', isTyping)
  await anna.delete(`/api/conversations/${body.conversation.id}`)
  await stream.hear('conversation_removed')
  // Whoever starts later is published as stopped later.
  await type(celina, await celina.talkTo(bartek))
  await stream.hear('typing', (data) => hasStopped(data) && data.user_id === celina.id)
  expect(
    typingEvents(stream).filter(({ data }) => (data as { user_id: number }).user_id === anna.id),
  ).toEqual([])
  stream.close()
})

test('in notes to oneself nothing is published', async () => {
  const stream = await anna.listen()
  const id = await anna.talkTo(anna)
  expect((await type(anna, id)).status).toBe(204)
  await anna.say(id, 'notatka')
  await stream.hear('new_message')
  expect(typingEvents(stream)).toEqual([])
  stream.close()
})

test('in a group of 100 typing is published, in one of 101 it is not', async () => {
  const rows = await sql<{ id: number }[]>`
    insert into users (email, username) select 't' || i || '@example.org', 't' || i from generate_series(1, 98) i
    returning id`
  const member_ids = [bartek.id, ...rows.map(({ id }) => id)]
  const { body } = await anna.post('/api/conversations', { name: 'Setka', member_ids })
  const id = body.conversation.id
  const stream = await bartek.listen()
  await type(anna, id)
  await stream.hear('typing', isTyping)
  await stream.hear('typing', hasStopped)
  await sql`insert into conversation_members (conversation_id, user_id) values (${id}, ${ewa.id})`
  expect((await type(anna, id)).status).toBe(204)
  await anna.say(id, 'za dużo nas')
  await stream.hear('new_message')
  expect(typingEvents(stream)).toEqual([])
  stream.close()
})
