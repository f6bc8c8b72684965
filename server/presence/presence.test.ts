import { afterEach, expect, test } from 'vitest'
import { Listener } from '../testing/listener.ts'
import { type Person, startService } from '../testing/service.ts'
import { durations } from './durations.ts'

Object.assign(durations, { ttl: 1200, refresh: 400, grace: 300, sweepEvery: 20 })
const { address, anna, bartek, celina, dawid, ewa, guest } = await startService()
const { sql } = await import('../db/client.ts')
await anna.talkTo(bartek)
await celina.talkTo(bartek)
await celina.talkTo(anna)

const listeners: Listener[] = []

/** A program's stream, or with `attended` one of our own page. */
async function listen(person: Person, query = '', headers = {}): Promise<Listener> {
  const listener = await Listener.open(`${address}/api/messages/stream${query}`, person.cookie, headers)
  listeners.push(listener)
  return listener
}

const presenceOf = async (viewer: Person, ...people: { id: number }[]) =>
  (await viewer.get(`/api/users/presence?ids=${people.map(({ id }) => id)}`)).body.presences
const statusOf = async (person: Person) => (await presenceOf(person, person))[0]!.status
const presenceEvents = (listener: Listener) => listener.events.filter(({ event }) => event === 'presence')
const of = (person: Person, status: string) => (data: { user_id: number; status: string }) =>
  data.user_id === person.id && data.status === status

/** A departure now is announced after all earlier ones. */
async function hearLaterLeaving(witness: Listener): Promise<void> {
  const stream = await listen(celina)
  await witness.hear('presence', of(celina, 'online'))
  stream.close()
  await witness.hear('presence', of(celina, 'offline'))
}

afterEach(async () => {
  for (const listener of listeners.splice(0)) listener.close()
  for (const person of [anna, bartek, celina, dawid, ewa])
    await expect.poll(() => statusOf(person), { timeout: 5000 }).toBe('offline')
})

test('contacts see who comes and goes', async () => {
  const bartekHears = await listen(bartek)
  const stream = await listen(anna)
  const came = await bartekHears.hear('presence')
  expect(came).toEqual({
    user_id: anna.id,
    status: 'online',
    last_seen: expect.stringMatching(/^\d{4}-.*\.\d{3}Z$/),
    timestamp: expect.stringMatching(/^\d{4}-.*\.\d{3}Z$/),
  })
  expect(Math.abs(Date.parse(came.timestamp) - Date.now())).toBeLessThan(5000)
  stream.close()
  const went = await bartekHears.hear('presence')
  expect(went).toEqual({ ...came, status: 'offline', timestamp: expect.any(String) })
  expect(went.timestamp > came.timestamp).toBe(true)
})

test('strangers see nothing, and users do not see themselves', async () => {
  const ewaHears = await listen(ewa)
  const annaHears = await listen(anna)
  await listen(anna)
  const stream = await listen(bartek)
  await annaHears.hear('presence', of(bartek, 'online'))
  stream.close()
  await annaHears.hear('presence', of(bartek, 'offline'))
  expect(presenceEvents(annaHears)).toEqual([])
  expect(presenceEvents(ewaHears)).toEqual([])
})

test('several devices count as one person', async () => {
  const bartekHears = await listen(bartek)
  const [phone, laptop] = [await listen(anna), await listen(anna)]
  await bartekHears.hear('presence', of(anna, 'online'))
  phone.close()
  await hearLaterLeaving(bartekHears)
  expect(presenceEvents(bartekHears)).toEqual([])
  expect(await statusOf(anna)).toBe('online')
  laptop.close()
  await bartekHears.hear('presence', of(anna, 'offline'))
  expect(presenceEvents(bartekHears)).toEqual([])
})

test('a reload causes no flicker', async () => {
  const bartekHears = await listen(bartek)
  const before = await listen(anna, '?attended=1')
  await bartekHears.hear('presence', of(anna, 'online'))
  before.close()
  await before.ended
  await listen(anna, '?attended=1')
  await hearLaterLeaving(bartekHears)
  expect(presenceEvents(bartekHears)).toEqual([])
})

test("a program's stream is a device for as long as it is open", async () => {
  const bartekHears = await listen(bartek)
  await listen(anna)
  await bartekHears.hear('presence', of(anna, 'online'))
  await listen(celina, '?attended=1')
  await bartekHears.hear('presence', of(celina, 'online'))
  // Hers expires later than Anna's would.
  await bartekHears.hear('presence', of(celina, 'offline'))
  expect(presenceEvents(bartekHears)).toEqual([])
  expect(await statusOf(anna)).toBe('online')
})

test('a page without heartbeats, as of a closed laptop, expires though its stream is open', async () => {
  const bartekHears = await listen(bartek)
  const stream = await listen(anna, '?attended=1')
  await bartekHears.hear('presence', of(anna, 'online'))
  await bartekHears.hear('presence', of(anna, 'offline'))
  await anna.post('/api/presence/heartbeat')
  await bartekHears.hear('presence', of(anna, 'online'))
  const start = performance.now()
  stream.close()
  // By its closing, not by expiry: the heartbeat was for this stream.
  await bartekHears.hear('presence', of(anna, 'offline'))
  expect(performance.now() - start).toBeLessThan(durations.ttl - 200)
})

test('heartbeats keep a page present', async () => {
  const bartekHears = await listen(bartek)
  await listen(anna, '?attended=1')
  await bartekHears.hear('presence', of(anna, 'online'))
  const beats = setInterval(() => anna.post('/api/presence/heartbeat'), 200)
  await listen(celina, '?attended=1')
  await bartekHears.hear('presence', of(celina, 'online'))
  await bartekHears.hear('presence', of(celina, 'offline'))
  clearInterval(beats)
  expect(presenceEvents(bartekHears)).toEqual([])
  await bartekHears.hear('presence', of(anna, 'offline'))
})

test('a sleeping tab that reconnects by itself does not count as present', async () => {
  const bartekHears = await listen(bartek)
  await listen(anna, '?attended=0')
  await listen(anna, '?attended=1', { 'last-event-id': '0-1' })
  await hearLaterLeaving(bartekHears)
  expect(presenceEvents(bartekHears)).toEqual([])
  expect(await statusOf(anna)).toBe('offline')
  await anna.post('/api/presence/heartbeat')
  await bartekHears.hear('presence', of(anna, 'online'))
})

test('a page that opens a new stream for an old one says itself whether it is attended', async () => {
  await listen(anna, '?attended=1&last_event_id=0-1')
  await expect.poll(() => statusOf(anna)).toBe('online')
})

test('a program that has no stream is present by its heartbeats', async () => {
  const bartekHears = await listen(bartek)
  const { status, body } = await anna.post('/api/presence/heartbeat')
  expect([status, body]).toEqual([204, ''])
  await bartekHears.hear('presence', of(anna, 'online'))
  await bartekHears.hear('presence', of(anna, 'offline'))
})

test('signing out ends presence', async () => {
  const bartekHears = await listen(bartek)
  const phone = await guest().signIn('anna')
  await listen(phone)
  await bartekHears.hear('presence', of(anna, 'online'))
  await phone.post('/api/auth/logout')
  await bartekHears.hear('presence', of(anna, 'offline'))
})

test('the time of leaving is remembered', async () => {
  const bartekHears = await listen(bartek)
  const stream = await listen(anna)
  stream.close()
  const { last_seen } = await bartekHears.hear('presence', of(anna, 'offline'))
  const [user] = await sql`select last_seen_at from users where id = ${anna.id}`
  expect(user!.last_seen_at).toBe(last_seen)
  expect(await presenceOf(bartek, anna)).toMatchObject([
    { status: 'offline', is_online: false, last_seen, last_active_at: last_seen },
  ])
})

test('users who hide when they were last seen show only whether they are here', async () => {
  await anna.patch('/api/users/me/settings', { show_last_seen: false })
  const bartekHears = await listen(bartek)
  const stream = await listen(anna)
  const came = await bartekHears.hear('presence', of(anna, 'online'))
  expect(came).toMatchObject({ last_seen: null, timestamp: expect.stringMatching(/T\d\d:00:00\.000Z$/) })
  expect(await presenceOf(bartek, anna)).toMatchObject([
    { status: 'online', is_online: true, last_seen: null, last_active_at: null },
  ])
  stream.close()
  const went = await bartekHears.hear('presence', of(anna, 'offline'))
  expect(went).toMatchObject({ last_seen: null, timestamp: expect.stringMatching(/T\d\d:00:00\.000Z$/) })
  const id = await bartek.talkTo(anna)
  for (const { body } of [
    await bartek.get('/api/conversations'),
    await bartek.get(`/api/conversations/${id}`),
  ])
    expect(JSON.stringify(body)).not.toMatch(/last_delivered_at|last_seen/)
  expect(await presenceOf(bartek, anna)).toMatchObject([
    { status: 'offline', last_seen: null, last_active_at: null },
  ])
  await anna.patch('/api/users/me/settings', { show_last_seen: true })
})
