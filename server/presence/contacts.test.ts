import { expect, test } from 'vitest'
import { type Person, startService } from '../testing/service.ts'
import { durations } from './durations.ts'

Object.assign(durations, { grace: 100, sweepEvery: 20 })
const { anna, bartek, celina, dawid, ewa } = await startService()
const { sql } = await import('../db/client.ts')
await anna.talkTo(bartek)
await celina.talkTo(bartek)
await celina.talkTo(anna)

const presenceOf = async (viewer: Person, ...people: { id: number }[]) =>
  (await viewer.get(`/api/users/presence?ids=${people.map(({ id }) => id)}`)).body.presences

test('presence is answered for contacts and the user themselves only', async () => {
  const stream = await anna.listen()
  await expect.poll(async () => (await presenceOf(bartek, anna))[0]!.status).toBe('online')
  const everybody = await presenceOf(bartek, anna, celina, dawid, ewa, bartek, anna, { id: 999_999 })
  expect(everybody.map((each) => each.user_id)).toEqual([anna.id, bartek.id, celina.id])
  const [annas] = everybody
  expect(annas).toEqual({
    user_id: anna.id,
    status: 'online',
    is_online: true,
    last_seen: expect.any(String),
    last_active_at: annas!.last_seen,
  })
  expect(await presenceOf(dawid, anna)).toEqual([])
  stream.close()
})

test('a deleted conversation makes no contacts', async () => {
  const id = await dawid.talkTo(ewa)
  expect(await presenceOf(dawid, ewa)).toHaveLength(1)
  await sql`update conversations set deleted_at = now() where id = ${id}`
  expect(await presenceOf(dawid, ewa)).toEqual([])
})

test('members of a group of up to 100 are contacts', async () => {
  const rows = await sql<{ id: number }[]>`
    insert into users (email, username) select 'p' || i || '@example.org', 'p' || i from generate_series(1, 98) i
    returning id`
  const ids = rows.map(({ id }) => id)
  const made = await dawid.post('/api/conversations', { name: 'Wszyscy', member_ids: [...ids, ewa.id] })
  const { conversation } = made.body
  expect(conversation.member_count).toBe(100)
  expect(await presenceOf(dawid, ewa)).toHaveLength(1)
  await sql`insert into conversation_members (conversation_id, user_id) values (${conversation.id}, ${anna.id})`
  expect(await presenceOf(dawid, ewa)).toEqual([])
  const listeners = await Promise.all([dawid, bartek, celina, ewa].map((person) => person.listen()))
  const [dawids, bartkas, celinas] = listeners
  // Published after Ewa's arrival.
  celinas!.close()
  await bartkas!.hear('presence', ({ user_id, status }) => user_id === celina.id && status === 'offline')
  expect(dawids!.events.filter(({ event }) => event === 'presence')).toEqual([])
  for (const listener of listeners) listener.close()
})

test('invalid lists of ids are refused', async () => {
  const many = (count: number) => Array.from({ length: count }, (_, i) => i + 1).join(',')
  for (const ids of ['', 'abc', '1,', '1,,2', '0', '-1', '1.5', many(201), '9'.repeat(20)])
    expect((await anna.get(`/api/users/presence?ids=${ids}`)).status, ids).toBe(400)
  expect((await anna.get('/api/users/presence')).status).toBe(400)
  expect((await anna.get(`/api/users/presence?ids=${many(200)}`)).status).toBe(200)
  expect((await anna.get('/api/messages/stream?attended=2')).status).toBe(400)
  expect((await anna.post('/api/presence/heartbeat', { is_active: 'no' })).status).toBe(400)
})
