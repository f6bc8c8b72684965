import { afterEach, expect, test } from 'vitest'
import { Listener } from '../testing/listener.ts'
import { type Person, startService } from '../testing/service.ts'
import { durations } from './durations.ts'

Object.assign(durations, { grace: 100, sweepEvery: 20, awayAfter: 500, touchEvery: 100 })
const { address, anna, bartek, celina } = await startService()
const conversation = await anna.talkTo(bartek)
await anna.talkTo(celina)

const listeners: Listener[] = []
afterEach(() => {
  for (const listener of listeners.splice(0)) listener.close()
})

async function listen(person: Person, query = '', headers = {}): Promise<Listener> {
  const listener = await Listener.open(`${address}/api/messages/stream${query}`, person.cookie, headers)
  listeners.push(listener)
  return listener
}
const next = async (listener: Listener) =>
  (await listener.hear('presence', ({ user_id }) => user_id === anna.id)).status

/** Anna with a stream, and Bartek, who has heard that she came and fell asleep. */
async function annaAway(query = ''): Promise<{ stream: Listener; bartekHears: Listener }> {
  const bartekHears = await listen(bartek)
  const stream = await listen(anna, query)
  expect(await next(bartekHears)).toBe('online')
  expect(await next(bartekHears)).toBe('away')
  return { stream, bartekHears }
}

async function annaLeaves(stream: Listener, bartekHears: Listener): Promise<void> {
  stream.close()
  expect(await next(bartekHears)).toBe('offline')
}

test('an idle user is away, and online again with their next message', async () => {
  const { stream, bartekHears } = await annaAway()
  const { body } = await bartek.get(`/api/users/presence?ids=${anna.id}`)
  expect(body.presences).toMatchObject([{ status: 'away', is_online: true, last_seen: expect.any(String) }])
  await anna.say(conversation, 'już jestem')
  expect(await next(bartekHears)).toBe('online')
  expect(await next(bartekHears)).toBe('away')
  await annaLeaves(stream, bartekHears)
})

test('typing counts as activity, an open or reading page does not', async () => {
  const { stream, bartekHears } = await annaAway('?attended=1')
  await anna.post(`/api/conversations/${conversation}/read`)
  await anna.get(`/api/conversations/${conversation}/messages`)
  await listen(anna, '?attended=0')
  await listen(anna, '', { 'last-event-id': '0-1' })
  await anna.post('/api/presence/heartbeat', { is_active: false })
  expect((await anna.get(`/api/users/presence?ids=${anna.id}`)).body.presences[0]!.status).toBe('away')
  await anna.post(`/api/conversations/${conversation}/typing`)
  expect(await next(bartekHears)).toBe('online')
  for (const listener of listeners) if (listener !== bartekHears) listener.close()
  await expect.poll(() => next(bartekHears)).toBe('offline')
  stream.close()
})

test('heartbeats of a page in use keep a user online', async () => {
  const { stream, bartekHears } = await annaAway('?attended=1')
  await anna.post('/api/presence/heartbeat')
  expect(await next(bartekHears)).toBe('online')
  const beats = setInterval(() => anna.post('/api/presence/heartbeat', { is_active: true }), 100)
  // She would be away by the time that Celina, who came later, is.
  const annaHears = await listen(anna, '?attended=0')
  await listen(celina)
  await annaHears.hear('presence', ({ user_id, status }) => user_id === celina.id && status === 'away')
  expect(bartekHears.events.filter(({ event }) => event === 'presence')).toEqual([])
  clearInterval(beats)
  expect(await next(bartekHears)).toBe('away')
  annaHears.close()
  await annaLeaves(stream, bartekHears)
})

test('a page that becomes visible untouched after a long time is away, not online', async () => {
  const { stream, bartekHears } = await annaAway('?attended=1')
  await annaLeaves(stream, bartekHears)
  const again = await listen(anna, '?attended=0')
  await anna.post('/api/presence/heartbeat', { is_active: false })
  expect(await next(bartekHears)).toBe('away')
  await annaLeaves(again, bartekHears)
})

test('writing alone does not make an absent user present', async () => {
  const bartekHears = await listen(bartek)
  await anna.say(conversation, 'z automatu')
  await bartekHears.hear('new_message')
  const { stream } = await annaAway()
  stream.close()
  expect(bartekHears.events.filter(({ event }) => event === 'presence')).toHaveLength(2)
})
