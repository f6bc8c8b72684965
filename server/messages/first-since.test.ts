import { expect, test } from 'vitest'
import { startService } from '../testing/service.ts'

const { anna, bartek, celina } = await startService()
const { sql } = await import('../db/client.ts')

const group = async () =>
  (await anna.post('/api/conversations', { name: 'Kronika', member_ids: [bartek.id] })).body.conversation.id
const [id, other] = [await group(), await group()]

/** One an hour of 2026 in each of two conversations, so that the ids of one have gaps. */
const hours = await sql<{ id: number; conversation_id: number }[]>`
  insert into messages (conversation_id, seq, sender_id, content, content_text, created_at)
  select case n % 2 when 0 then ${id}::bigint else ${other}::bigint end, 1000 + n, ${anna.id}, '<p>x</p>', 'x',
    timestamptz '2026-01-01T00:00:00Z' + (n / 2) * interval '1 hour'
  from generate_series(0, 599) n returning id, conversation_id`
const old = hours.filter((message) => message.conversation_id === id).map((message) => message.id)
const today = await anna.say(id, 'dziś')

const ask = (at: string, more = '') =>
  bartek.get(`/api/conversations/${id}/messages?at=${encodeURIComponent(at)}${more}`)

test.each([
  ['before all of them', '2020-01-01T00:00:00Z', old[0]],
  ['when the first was sent', '2026-01-01T00:00:00Z', old[0]],
  ['when one was sent', '2026-01-05T04:00:00Z', old[100]],
  ['a moment later', '2026-01-05T04:00:00.001Z', old[101]],
  ['by a clock elsewhere', '2026-01-05T06:00:00+02:00', old[100]],
  ['beyond the zones that PostgreSQL knows', '2026-01-06T00:00:00+20:00', old[100]],
  ['when the last of a time was sent', '2026-01-13T11:00:00Z', old[299]],
  ['in a pause of months', '2026-03-01T00:00:00Z', today.id],
])('a page begins around the first message since a time: %s', async (_, at, first) => {
  const { messages, has_more, has_newer } = (await ask(at, '&limit=10')).body
  const all = [...old, today.id]
  const from = Math.max(0, all.indexOf(first!) - 5)
  expect(messages.map((message) => message.id)).toEqual(
    all.slice(from, all.indexOf(first!) + (first === old[0] ? 10 : 5)),
  )
  expect([has_more, has_newer]).toEqual([from > 0, messages.at(-1)?.id !== today.id])
})

test('after the newest message, and where there is none, it is the newest page', async () => {
  const newest = (await bartek.get(`/api/conversations/${id}/messages`)).body
  expect((await ask('2999-01-01T00:00:00Z')).body).toEqual(newest)
  const empty = await anna.talkTo(celina)
  const { status, body } = await anna.get(`/api/conversations/${empty}/messages?at=2026-01-01T00:00:00Z`)
  expect([status, body.messages]).toEqual([200, []])
})

test('a deleted message has its place still', async () => {
  await sql`update messages set is_deleted = true, deleted_at = now(), content = null, content_text = null where id = ${old[50]!}`
  const { messages } = (await ask('2026-01-03T02:00:00Z', '&limit=2')).body
  expect(messages.map((message) => message.id)).toEqual([old[49], old[50]])
})

test.each([
  'wczoraj',
  '2026-13-01T00:00:00Z',
  '2026-01-01',
  '0000-01-01T00:00:00Z',
  '0001-01-01T00:00:00+10:00',
])('“%s” is no time', async (at) => {
  expect((await ask(at)).body.code).toBe('validation_failed')
})

test('a time is not combined with another place, and is for members', async () => {
  expect((await ask('2026-01-05T04:00:00Z', `&around_id=${old[3]}`)).status).toBe(400)
  const stranger = await celina.get(`/api/conversations/${id}/messages?at=2026-01-05T04:00:00Z`)
  expect(stranger.status).toBe(404)
})
