import { expect, test } from 'vitest'
import { type Person, startService } from '../testing/service.ts'

const { anna, bartek, celina, dawid, ewa } = await startService()
const { sql } = await import('../db/client.ts')

const group = async (...others: Person[]): Promise<number> =>
  (await anna.post('/api/conversations', { name: 'Zarząd', member_ids: others.map(({ id }) => id) })).body
    .conversation.id
const readersOf = async (who: Person, id: number) => (await who.get(`/api/messages/${id}/readers`)).body
const hides = (who: Person, hide: boolean) => who.patch('/api/users/me/settings', { show_last_seen: !hide })

test('who has read a message, whom it has reached and how many wait are told apart', async () => {
  const id = await group(bartek, celina, dawid)
  const stream = await celina.listen()
  const message = await anna.say(id, 'Kto przyjdzie?')
  await stream.hear('new_message')
  await bartek.post(`/api/conversations/${id}/read`)
  await expect.poll(async () => (await readersOf(anna, message.id)).delivered.length).toBe(1)
  const { readers, delivered, waiting_count } = await readersOf(anna, message.id)
  expect(readers.map(({ user }) => user.display_name)).toEqual(['Bartek Zieliński'])
  expect(readers[0]!.read_at).toMatch(/Z$/)
  expect(delivered.map(({ user }) => user.id)).toEqual([celina.id])
  expect(waiting_count).toBe(1)
  expect(await readersOf(dawid, message.id), 'any member may ask').toEqual({
    readers,
    delivered,
    waiting_count,
  })
})

test('those who read it first come first', async () => {
  const id = await group(bartek, celina)
  const message = await anna.say(id, 'Kto pierwszy?')
  for (const who of [celina, bartek]) await who.post(`/api/conversations/${id}/read`)
  const { readers } = await readersOf(anna, message.id)
  expect(readers.map(({ user }) => user.id)).toEqual([celina.id, bartek.id])
})

test('who hides when they were last seen is counted, and not named', async () => {
  const id = await group(bartek, celina)
  await hides(bartek, true)
  const message = await anna.say(id, 'Tajne')
  for (const who of [celina, bartek]) await who.post(`/api/conversations/${id}/read`)
  const seen = await readersOf(anna, message.id)
  await hides(bartek, false)
  expect(seen.readers.map(({ user }) => user.id)).toEqual([celina.id])
  expect([seen.delivered, seen.waiting_count]).toEqual([[], 1])
})

test('who joins later is no recipient until they have read it', async () => {
  const id = await group(bartek)
  const message = await anna.say(id, 'Przed Ewą')
  await anna.post(`/api/conversations/${id}/members`, { user_ids: [ewa.id] })
  expect((await readersOf(anna, message.id)).waiting_count).toBe(1)
  await anna.say(id, 'Po Ewie')
  await ewa.post(`/api/conversations/${id}/read`)
  expect((await readersOf(anna, message.id)).readers.map(({ user }) => user.id)).toEqual([ewa.id])
})

test('in a group of a thousand it is one range of an index', async () => {
  const id = await group(bartek)
  await sql`
    with people as (
      insert into users (email, username, name, password_hash)
      select concat('c', n, '@example.org'), concat('c', n), concat('Człowiek ', n), 'x'
      from generate_series(1, 998) n returning id
    )
    insert into conversation_members (conversation_id, user_id, last_read_at, last_read_message_id)
    select ${id}, id, case when id % 2 = 0 then now() end, case when id % 2 = 0 then 999999 end from people`
  await sql`analyze conversation_members`
  const message = await anna.say(id, 'Do wszystkich')
  const { readers, waiting_count } = await readersOf(anna, message.id)
  expect([readers.length, waiting_count]).toEqual([499, 500])
  const { recipients } = await import('./readers.ts')
  const rows = await sql<{ 'QUERY PLAN': string }[]>`explain (costs off) ${recipients(anna.id, message.id)}`
  const plan = rows.map((row) => row['QUERY PLAN']).join('\n')
  expect(plan).toMatch(/conversation_members_pkey/)
  expect(plan).not.toMatch(/Seq Scan on (messages|conversation_members)/)
})
