import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, describe, expect, test } from 'vitest'
import { durations as presence } from '../../presence/durations.ts'
import { type Person, startService } from '../../testing/service.ts'
import { type Frame, SocketClient } from '../../testing/socket-client.ts'
import { durations as typing } from '../../typing/durations.ts'
import { durations } from './durations.ts'

/** How much faster time goes here, for typing: in the proportions that the service has. */
const faster = 5
const real = { ...durations }
for (const name of Object.keys(typing) as (keyof typeof typing)[]) typing[name] /= faster
durations.typing /= faster
Object.assign(presence, { grace: 250, sweepEvery: 20 })

/** What the document of the frontend team asks to be checked over the WebSocket: each line a test, translated. */
const { address, anna, bartek, celina, dawid, ewa, guest, live } = await startService()
const conversation_id = await anna.talkTo(bartek)
await bartek.talkTo(celina)
const time = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)

const opened: { person: Person; client: SocketClient }[] = []

/** A client that knows of us what the document says. */
async function login(person: Person, token?: string): Promise<SocketClient> {
  const access_token = token ?? (await person.token()).access_token
  const headers = { authorization: `Bearer ${access_token}` }
  const client = await SocketClient.openLive(live, person.id, `${address}/api/v1/realtime`, headers)
  opened.push({ person, client })
  return client
}

afterEach(async () => {
  const all = opened.splice(0)
  await Promise.all(all.map(({ client }) => client.close()))
  for (const { person } of all) await expect.poll(() => statusOf(person)).toBe('offline')
  // Who types again sooner is not published again.
  await sleep(typing.publishEvery)
})

/** What the API says of somebody. */
async function presenceOf(person: Person, viewer = person): Promise<Frame> {
  const path: string = `/api/v1/presence/users/${person.id}`
  return (await viewer.get(path)).body.data
}
const statusOf = async (person: Person) => (await presenceOf(person)).status
const about = (person: Person, status: string) => (frame: Frame) =>
  frame.type === 'user_status' && frame.data.user_id === person.id && frame.data.status === status
const typed = (is_typing: boolean) => (frame: Frame) =>
  frame.type === 'user_typing' && frame.data.is_typing === is_typing
const framesOf = (client: SocketClient, type: string) =>
  client.frames.filter((frame) => frame.type === type).map(({ data }) => data)
const says = (client: SocketClient, type: string, more: object = {}) =>
  client.say({ type, data: { conversation_id, ...more } })

/** A departure now is announced after all earlier ones. */
async function hearLaterLeaving(witness: SocketClient): Promise<void> {
  const seen = witness.frames.length
  const later = await login(celina)
  await witness.hear(about(celina, 'online'), seen)
  await later.close()
  await witness.hear(about(celina, 'offline'), seen)
}

describe('1. WebSocket user_status', () => {
  test('User A logs in → friends who are online receive the event', async () => {
    const friend = await login(bartek)
    await login(anna)
    expect(await friend.hear(about(anna, 'online'))).toEqual({
      type: 'user_status',
      data: { user_id: anna.id, status: 'online', timestamp: time },
    })
  })

  test('User A logs out → friends receive the event, with last_seen', async () => {
    const friend = await login(bartek)
    const program = await anna.program()
    const client = await SocketClient.open(`${address}/api/v1/realtime`, {
      authorization: `Bearer ${program.bearer}`,
    })
    await friend.hear(about(anna, 'online'))
    await program.post('/api/auth/logout')
    await client.closed
    expect(await friend.hear(about(anna, 'offline'))).toEqual({
      type: 'user_status',
      data: { user_id: anna.id, status: 'offline', last_seen: time },
    })
  })

  test('User A disconnects the WebSocket → status: "offline" with the last_seen that the API says', async () => {
    const friend = await login(bartek)
    const client = await login(anna)
    await friend.hear(about(anna, 'online'))
    client.webSocket.terminate()
    const { data } = await friend.hear(about(anna, 'offline'))
    expect(await presenceOf(anna, bartek)).toMatchObject({ status: 'offline', last_seen: data.last_seen })
    expect(Math.abs(Date.parse(data.last_seen) - Date.now())).toBeLessThan(5000)
  })

  test('User B (who is no friend) → receives no event', async () => {
    const [stranger, friend] = [await login(dawid), await login(bartek)]
    const client = await login(anna)
    await friend.hear(about(anna, 'online'))
    await client.close()
    await friend.hear(about(anna, 'offline'))
    await hearLaterLeaving(friend)
    expect(stranger.frames).toEqual([])
  })

  test('It is not sent back to the sender, whichever their device', async () => {
    const friend = await login(bartek)
    const [mobile, web] = [await login(anna), await login(anna)]
    await friend.hear(about(anna, 'online'))
    await friend.close()
    await web.hear(about(bartek, 'offline'))
    expect([...framesOf(mobile, 'user_status'), ...framesOf(web, 'user_status')]).not.toContainEqual(
      expect.objectContaining({ user_id: anna.id }),
    )
  })

  test('Multiple connections (mobile + web) → are handled correctly', async () => {
    const friend = await login(bartek)
    const [mobile, web] = [await login(anna), await login(anna)]
    await friend.hear(about(anna, 'online'))
    await mobile.close()
    await hearLaterLeaving(friend)
    const ofAnna = () => friend.frames.filter(({ data }) => data.user_id === anna.id)
    expect(ofAnna()).toHaveLength(1)
    await web.close()
    await friend.hear(about(anna, 'offline'))
    expect(ofAnna()).toHaveLength(2)
  })

  test('A program that reconnects at once → no flicker', async () => {
    const friend = await login(bartek)
    const { access_token } = await anna.token()
    const before = await login(anna, access_token)
    await friend.hear(about(anna, 'online'))
    await before.close()
    await login(anna, access_token)
    await hearLaterLeaving(friend)
    expect(friend.frames.filter(({ data }) => data.user_id === anna.id)).toHaveLength(1)
  })

  test('Who hides when they were last seen → the event has last_seen: null', async () => {
    await anna.patch('/api/v1/users/me/settings', { show_last_seen: false })
    const friend = await login(bartek)
    const client = await login(anna)
    await friend.hear(about(anna, 'online'))
    await client.close()
    expect((await friend.hear(about(anna, 'offline'))).data.last_seen).toBeNull()
    await anna.patch('/api/v1/users/me/settings', { show_last_seen: true })
  })
})

describe('2. Typing auto-stop', () => {
  test('The user types without sending a stop → auto-stop after 5 seconds', async () => {
    expect(real.typing).toBe(5_000)
    const [typist, other] = [await login(anna), await login(bartek)]
    const start = performance.now()
    says(typist, 'typing_start')
    await other.hear(typed(true))
    await other.hear(typed(false))
    const took = performance.now() - start
    expect(took).toBeGreaterThan(durations.typing - 2)
    expect(took).toBeLessThan(2 * durations.typing)
  })

  test('The user types again and again → the timer is reset each time', async () => {
    const [typist, other] = [await login(anna), await login(bartek)]
    for (let i = 0; i < 4; i++) {
      says(typist, 'typing_start')
      await sleep(0.6 * durations.typing)
    }
    expect(framesOf(other, 'user_typing')).not.toContainEqual(expect.objectContaining({ is_typing: false }))
    await other.hear(typed(false))
  })

  test('Memory leak test → no typing cache stays behind after 10 seconds', async () => {
    const [typist, other] = [await login(anna), await login(bartek)]
    says(typist, 'typing_start')
    await other.hear(typed(false))
    await sleep(10_000 / faster)
    const { body } = await bartek.get(`/api/v1/presence/typing/${conversation_id}`)
    expect(body).toEqual({ chat_id: conversation_id, users: [] })
    expect(framesOf(other, 'user_typing').map(({ is_typing }) => is_typing)).toEqual([true, false])
  })

  test('The key is conversation_id:user_id → typing in one conversation says nothing of another', async () => {
    const [typist, other, third] = [await login(anna), await login(bartek), await login(celina)]
    const both = await anna.talkTo(celina)
    says(typist, 'typing_start')
    typist.say({ type: 'typing_start', data: { conversation_id: both } })
    says(typist, 'typing_stop')
    await other.hear(typed(false))
    await third.hear(typed(true))
    expect(framesOf(third, 'user_typing')).toMatchObject([{ conversation_id: both, is_typing: true }])
    await third.hear(typed(false))
  })

  test('typing_stop → is_typing: false at once, and no second one', async () => {
    const [typist, other] = [await login(anna), await login(bartek)]
    says(typist, 'typing_start')
    says(typist, 'typing_stop')
    await other.hear(typed(false))
    await sleep(1.5 * durations.typing)
    expect(framesOf(other, 'user_typing').map(({ is_typing }) => is_typing)).toEqual([true, false])
  })

  test('The frontend crashes → the indicator does not stay', async () => {
    const [typist, other] = [await login(anna), await login(bartek)]
    says(typist, 'typing_start')
    await other.hear(typed(true))
    typist.webSocket.terminate()
    await other.hear(typed(false))
  })

  test('Typing events at every keystroke → at most one a second is broadcast', async () => {
    const [typist, other] = [await login(anna), await login(bartek)]
    for (let i = 0; i < 20; i++) says(typist, 'typing_start')
    await other.hear(typed(false))
    expect(framesOf(other, 'user_typing').map(({ is_typing }) => is_typing)).toEqual([true, false])
  })
})

describe('3. Typing user info', () => {
  test('The broadcast typing event → has username and display_name', async () => {
    const [typist, other] = [await login(anna), await login(bartek)]
    says(typist, 'typing_start')
    const data = {
      conversation_id,
      user_id: anna.id,
      username: 'anna',
      display_name: 'Anna Kowalska',
      is_typing: true,
    }
    expect(await other.hear(typed(true))).toEqual({ type: 'user_typing', data })
    expect(await other.hear(typed(false))).toEqual({
      type: 'user_typing',
      data: { ...data, is_typing: false },
    })
  })

  test('The user has no display_name → fallback to username', async () => {
    const person = guest()
    const body = { email: 'jo@example.org', username: 'john_doe', password: 'wiadomosci' }
    person.id = (await person.post('/api/auth/register', body)).body.user.id
    const id = await person.talkTo(bartek)
    const [typist, other] = [await login(person), await login(bartek)]
    typist.say({ type: 'typing_start', data: { conversation_id: id } })
    const { data } = await other.hear(typed(true))
    expect(data).toMatchObject({ username: 'john_doe', display_name: 'john_doe' })
  })

  test('User info query → takes no longer than 50 ms', async () => {
    const [typist, other] = [await login(anna), await login(bartek)]
    const took: number[] = []
    for (let i = 0; i < 5; i++) {
      await sleep(typing.publishEvery)
      const [seen, start] = [other.frames.length, performance.now()]
      says(typist, 'typing_start')
      await other.hear(typed(true), seen)
      took.push(performance.now() - start)
    }
    // The whole way to the other member, of which the query is a part; the quickest, as the machine is shared.
    expect(Math.min(...took)).toBeLessThan(50)
  })

  test('Typing is told to the members of the conversation alone, and not to the typist', async () => {
    const [typist, web, other, stranger] = [
      await login(anna),
      await login(anna),
      await login(bartek),
      await login(celina),
    ]
    says(typist, 'typing_start')
    await other.hear(typed(false))
    for (const client of [typist, web, stranger]) expect(framesOf(client, 'user_typing')).toEqual([])
  })

  test('Who is no member cannot type there', async () => {
    const [stranger, other] = [await login(ewa), await login(bartek)]
    says(stranger, 'typing_start')
    expect(await stranger.hear(({ type }) => type === 'error')).toEqual({
      type: 'error',
      data: { code: 'not_found', detail: expect.any(String) },
    })
    expect(other.frames).toEqual([])
  })
})

describe('5. Event consistency', () => {
  test.each([
    ['typing_start', 'typing_stop', {}, {}],
    ['message.typing', 'message.typing', { is_typing: true }, { is_typing: false }],
    ['typing_start', 'message.typing', {}, { is_typing: false }],
    ['message.typing', 'typing_stop', { is_typing: true }, {}],
  ])('Accepts both message.typing and typing_start: %s, then %s', async (start, stop, begins, ends) => {
    const [typist, other] = [await login(anna), await login(bartek)]
    const began = performance.now()
    says(typist, start, begins)
    await other.hear(typed(true))
    says(typist, stop, ends)
    await other.hear(typed(false))
    expect(performance.now() - began).toBeLessThan(durations.typing - 50)
  })

  test('Broadcasts both message.typing and user_typing', async () => {
    const [typist, other] = [await login(anna), await login(bartek)]
    says(typist, 'typing_start')
    await other.hear(typed(false))
    await other.hear((frame) => frame.type === 'message.typing' && !frame.data.is_typing)
    expect(framesOf(other, 'message.typing')).toEqual(framesOf(other, 'user_typing'))
    expect(framesOf(other, 'user_typing').map(({ is_typing }) => is_typing)).toEqual([true, false])
  })
})

describe('Success criteria', () => {
  test('User A online → user B sees it in real time (< 1 second)', async () => {
    const friend = await login(bartek)
    const start = performance.now()
    await login(anna)
    await friend.hear(about(anna, 'online'))
    expect(performance.now() - start).toBeLessThan(1000)
  })

  test('User A types → user B sees "User A is typing..."', async () => {
    const [typist, other] = [await login(anna), await login(bartek)]
    says(typist, 'typing_start')
    const { data } = await other.hear(typed(true))
    expect(`${data.display_name} is typing...`).toBe('Anna Kowalska is typing...')
  })

  test('Old and new event names, and the old and new response format, are both supported', async () => {
    const [typist, other] = [await login(anna), await login(bartek)]
    const shown: string[] = []
    // As the frontend has it.
    for (const name of ['message.typing', 'user_typing'])
      other.hear(({ type }) => type === name).then(({ data }) => shown.push(data.user_id))
    says(typist, 'message.typing', { is_typing: true })
    await expect.poll(() => shown).toEqual([anna.id, anna.id])
    const data = await presenceOf(anna, bartek)
    expect(data.last_seen || data.last_active_at).toEqual(time)
    expect(data.status || (data.is_online ? 'online' : 'offline')).toBe('online')
    expect([data.is_online, data.last_active_at]).toEqual([true, data.last_seen])
  })
})
