import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { durations as presence } from '../../presence/durations.ts'
import { NodusClient } from '../../testing/nodus-client.ts'
import { type Person, startService } from '../../testing/service.ts'
import { durations as typing } from '../../typing/durations.ts'
import { durations } from './durations.ts'

/** How much faster time goes here, for typing and for presence: in the proportions that the service has. */
const [typingFaster, presenceFaster] = [5, 100]
const real = { ...durations }
for (const name of Object.keys(typing) as (keyof typeof typing)[]) typing[name] /= typingFaster
for (const name of Object.keys(presence) as (keyof typeof presence)[]) presence[name] /= presenceFaster
Object.assign(durations, { typing: real.typing / typingFaster, presence: real.presence / presenceFaster })

const { address, anna, bartek, celina, dawid } = await startService()
const { sql } = await import('../../db/client.ts')
const clientOf = (person: Person) => new NodusClient(address, { cookie: person.cookie })
const [annas, bartkas] = [clientOf(anna), clientOf(bartek)]
const chat = await anna.talkTo(bartek)

const typists = async (client = bartkas, id = chat) =>
  (await client.typing(id)).body.users.map(({ username }) => username)
const stops = (data: { user_id: number; is_typing: boolean }) => !data.is_typing && data.user_id === anna.id

test('typing lasts 10 s after the last call, not 3 s as on our page', async () => {
  expect(real.typing).toBe(10_000)
  const stream = await bartek.listen()
  const start = performance.now()
  await annas.type(chat, true)
  await stream.hear('typing', ({ is_typing }) => is_typing)
  await sleep(2 * typing.stopsAfter)
  expect(await typists()).toEqual(['anna'])
  expect(stream.events.filter(({ event }) => event === 'typing')).toEqual([])
  await stream.hear('typing', stops)
  expect(performance.now() - start).toBeGreaterThan(durations.typing - 2)
  expect(await typists()).toEqual([])
  stream.close()
})

test('typing that is repeated every 5 s goes on without a stop', async () => {
  const stream = await bartek.listen()
  for (let i = 0; i < 4; i++) {
    await annas.type(chat, true)
    await sleep(5000 / typingFaster)
    expect(await typists()).toEqual(['anna'])
  }
  const heard = stream.events.filter(({ event }) => event === 'typing').map(({ data }) => data.is_typing)
  expect(new Set(heard)).toEqual(new Set([true]))
  await stream.hear('typing', stops)
  stream.close()
})

test('an explicit stop ends typing at once', async () => {
  const stream = await bartek.listen()
  await annas.type(chat, true)
  await annas.type(chat, false)
  expect(await typists()).toEqual([])
  await stream.hear('typing', stops)
  stream.close()
})

test('sending ends typing at once', async () => {
  const stream = await bartek.listen()
  await sleep(typing.publishEvery)
  await annas.type(chat, true)
  const start = performance.now()
  await annas.send(chat, 'gotowe')
  await stream.hear('typing', stops)
  expect(performance.now() - start).toBeLessThan(durations.typing / 2)
  expect(await typists()).toEqual([])
  stream.close()
})

test('who begins again at once is listed, though it is too early for another event', async () => {
  const stream = await bartek.listen()
  await sleep(typing.publishEvery)
  for (const is_typing of [true, false, true]) await annas.type(chat, is_typing)
  expect(await typists()).toEqual(['anna'])
  expect(await stream.hear('typing')).toMatchObject({ is_typing: true })
  await stream.hear('typing', stops)
  await annas.type(chat, false)
  expect(await typists()).toEqual([])
  stream.close()
})

test('who types on our page too goes on typing as long as their other client says', async () => {
  await annas.type(chat, true)
  await anna.post(`/api/conversations/${chat}/typing`)
  await sleep(2 * typing.stopsAfter)
  expect(await typists()).toEqual(['anna'])
  await annas.type(chat, false)
})

test('those who type on our page are listed too, each in their chat, and nobody sees themselves', async () => {
  const made = await anna.post('/api/conversations', { name: 'Rada', member_ids: [bartek.id, celina.id] })
  const group = made.body.conversation.id
  await celina.post(`/api/conversations/${group}/typing`)
  await annas.type(group, true)
  expect((await bartkas.typing(group)).body.users).toEqual([
    { user_id: anna.id, username: 'anna', display_name: 'Anna Kowalska' },
    { user_id: celina.id, username: 'celina', display_name: 'Celina Wójcik' },
  ])
  expect(await typists(annas, group)).toEqual(['celina'])
  expect(await typists()).toEqual([])
})

test('in a group of 101 nobody is seen typing', async () => {
  const rows = await sql<{ id: number }[]>`
    insert into users (email, username) select 't' || i || '@example.org', 't' || i from generate_series(1, 98) i
    returning id`
  const member_ids = [bartek.id, ...rows.map(({ id }) => id)]
  const group = (await anna.post('/api/conversations', { name: 'Setka', member_ids })).body.conversation.id
  await annas.type(group, true)
  expect(await typists(bartkas, group)).toEqual(['anna'])
  await sql`insert into conversation_members (conversation_id, user_id) values (${group}, ${dawid.id})`
  expect((await annas.type(group, true)).status).toBe(204)
  expect(await typists(bartkas, group)).toEqual([])
})

test('a user is online for 5 minutes after a heartbeat, not 60 s as on our page', async () => {
  expect(real.presence).toBe(5 * 60_000)
  const stream = await bartek.listen()
  expect((await annas.me()).body).toEqual({ user_id: anna.id, status: 'offline', last_seen: null })
  const start = performance.now()
  const { status, body } = await annas.heartbeat()
  expect([status, body]).toEqual([
    200,
    { user_id: anna.id, status: 'online', last_seen: expect.stringMatching(/Z$/) },
  ])
  await sleep(3 * presence.ttl)
  expect((await bartkas.presence(anna.id)).body.status).toBe('online')
  const heard = []
  for (const _ of ['online', 'offline'])
    heard.push(await stream.hear('presence', ({ user_id }) => user_id === anna.id))
  expect(heard.map((each) => each.status)).toEqual(['online', 'offline'])
  expect(performance.now() - start).toBeGreaterThan(durations.presence - 2)
  expect((await bartkas.presence(anna.id)).body).toEqual({
    user_id: anna.id,
    status: 'offline',
    last_seen: heard[1]!.last_seen,
  })
  stream.close()
})

test('heartbeats every 2 or 3 minutes keep a user online', async () => {
  const stream = await bartek.listen()
  for (let i = 0; i < 3; i++) {
    expect((await annas.heartbeat()).body.status).toBe('online')
    await sleep((2.5 * 60_000) / presenceFaster)
  }
  const heard = stream.events.filter(({ event, data }) => event === 'presence' && data.user_id === anna.id)
  expect(heard.map(({ data }) => data.status)).toEqual(['online'])
  stream.close()
})

test('a page that is closed takes nothing of the 5 minutes along', async () => {
  await annas.heartbeat()
  const page = await anna.listen()
  page.close()
  await sleep(3 * presence.grace + presence.ttl)
  expect((await bartkas.presence(anna.id)).body.status).toBe('online')
})
