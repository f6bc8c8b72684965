import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, expect, test } from 'vitest'
import { durations as standard } from './durations.ts'
import { openInProcessRegister } from './in-process-register.ts'
import { openRedisRegister } from './redis-register.ts'
import type { Change, Register } from './register.ts'

const { openRedis } = await import('../live/redis.ts')
const redis = process.env.REDIS_URL ? await openRedis(process.env.REDIS_URL, 'test') : undefined
afterAll(() => redis?.disconnect())

/** A register on the bus of this run. */
function open(hurry: Partial<typeof standard> = {}): Register {
  const durations = { ...standard, grace: 50, ...hurry }
  return redis ? openRedisRegister(redis, durations) : openInProcessRegister(durations)
}

let userId = 1000
const phone = { session: 'phone', stream: '1' }
const tablet = { session: 'phone', stream: '2' }
const laptop = { session: 'laptop', stream: '3' }
type Step = (register: Register, id: number) => Promise<unknown>

const arrive: Step = (register, id) => register.arrive(id, phone, 'yes')
const arriveIdle: Step = (register, id) => register.arrive(id, phone, 'no')
const reconnect: Step = (register, id) => register.arrive(id, laptop, 'if-new')
const know: Step = (register, id) => register.know(id, phone)
const beat: Step = (register, id) => register.beat(id, 'phone', 'yes', standard.ttl)
const beatIdle: Step = (register, id) => register.beat(id, 'phone', 'no', standard.ttl)
const beatElsewhere: Step = (register, id) => register.beat(id, 'laptop', 'no', standard.ttl)
const touch: Step = (register, id) => register.touch(id)
const leave: Step = (register, id) => register.leave(id, phone)

/** For a user who was not here: the steps, what each announces, and whether the user counts as seen in the end. */
test.each<[what: string, steps: Step[], announced: (string | undefined)[], status: string, isSeen: boolean]>([
  ['who is new and acts is online', [arrive], ['online'], 'online', true],
  ['who is new and does nothing is away', [arriveIdle], ['away'], 'away', false],
  ['whose program is new is online', [reconnect], ['online'], 'online', true],
  ['who comes twice is announced once', [arrive, arrive], ['online', undefined], 'online', true],
  ['who is known only, is not here', [know], [undefined], 'offline', false],
  ['who is known and beats is here', [know, beat], [undefined, 'online'], 'online', true],
  ['who beats without a stream is here', [beat], ['online'], 'online', true],
  ['who beats and does nothing is away', [beatIdle], ['away'], 'away', false],
  ['who was away and beats is online', [beatIdle, beat], ['away', 'online'], 'online', true],
  ['who was away and writes is online', [arriveIdle, touch], ['away', 'online'], 'online', true],
  ['whose program comes back does not wake', [arriveIdle, reconnect], ['away', undefined], 'away', false],
  ['who is away and beats idly stays away', [arriveIdle, beatIdle], ['away', undefined], 'away', false],
  ['who writes and is not here does not come', [touch], [undefined], 'offline', false],
  ['who is known and writes does not come', [know, touch], [undefined, undefined], 'offline', false],
  ['being known again takes nothing away', [arrive, know], ['online', undefined], 'online', true],
  ['a beat of another session speaks for it', [know, beatElsewhere], [undefined, 'away'], 'away', false],
  [
    'who reloads was never away',
    [arrive, leave, arriveIdle],
    ['online', undefined, undefined],
    'online',
    true,
  ],
  ['who leaves is here through the grace', [arrive, leave], ['online', undefined], 'online', true],
  ['who is known and leaves was never here', [know, leave], [undefined, undefined], 'offline', false],
  ['who leaves without having come is not here', [leave], [undefined], 'offline', false],
])('%s', async (_, steps, announced, status, isSeen) => {
  const register = open({ grace: 60_000 })
  const id = userId++
  const heard: (Change | undefined)[] = []
  for (const step of steps) heard.push((await step(register, id)) as Change | undefined)
  expect(heard.map((change) => change?.status)).toEqual(announced)
  for (const change of heard.filter((each) => each !== undefined)) {
    expect(change).toMatchObject({ userId: id, at: expect.any(Number) })
    expect(change.seen !== undefined).toBe(change.status === 'online')
  }
  const [found] = await register.find([id])
  expect([found!.status, found!.seen !== undefined]).toEqual([status, isSeen])
})

/** Sweeps until the change of this user is announced. */
async function announcedChange(register: Register, id: number): Promise<Change> {
  for (;;) for (const change of await register.sweep()) if (change.userId === id) return change
}

test('a user who leaves with all devices is offline, as of their last activity', async () => {
  const register = open()
  const id = userId++
  const came = (await register.arrive(id, phone, 'yes'))!
  await register.arrive(id, laptop, 'no')
  await register.leave(id, phone)
  await register.leave(id, laptop)
  const went = await announcedChange(register, id)
  expect(went).toMatchObject({ userId: id, status: 'offline', seen: came.seen })
  expect(went.at).toBeGreaterThan(came.at)
  expect(await register.find([id, userId++])).toMatchObject([
    { status: 'offline' },
    { status: 'offline', seen: undefined },
  ])
})

test('a user who comes back soon is online without doing anything, for their activity is recent', async () => {
  const register = open()
  const id = userId++
  const came = (await register.arrive(id, phone, 'yes'))!
  await register.leave(id, phone)
  await announcedChange(register, id)
  expect(await register.arrive(id, laptop, 'no')).toMatchObject({ status: 'online', seen: came.seen })
})

test('an idle user is announced away once, and comes back away', async () => {
  const register = open({ awayAfter: 60 })
  const id = userId++
  const came = (await register.arrive(id, phone, 'yes'))!
  expect(await announcedChange(register, id)).toMatchObject({ status: 'away', seen: came.seen })
  expect(await register.find([id])).toEqual([{ status: 'away', seen: came.seen }])
  expect((await register.sweep()).filter((change) => change.userId === id)).toEqual([])
  expect(await register.touch(id)).toMatchObject({ status: 'online' })
  expect(await announcedChange(register, id)).toMatchObject({ status: 'away' })
  await register.leave(id, phone)
  expect(await announcedChange(register, id)).toMatchObject({ status: 'offline', seen: expect.any(Number) })
  expect(await register.arrive(id, phone, 'no')).toMatchObject({ status: 'away' })
})

test('a heartbeat holds all streams of its browser, and no other’s', async () => {
  const register = open({ ttl: 150 })
  const id = userId++
  await register.know(id, phone)
  await register.know(id, tablet)
  await register.arrive(id, laptop, 'yes')
  await register.beat(id, 'phone', 'no', 150)
  await register.leave(id, phone)
  await register.leave(id, laptop)
  // The tablet's part lasts as long as the beat.
  const start = performance.now()
  expect(await announcedChange(register, id)).toMatchObject({ status: 'offline' })
  expect(performance.now() - start).toBeGreaterThan(60)
})

test('a heartbeat counts for as long as it says, whoever comes and goes meanwhile', async () => {
  const register = open({ ttl: 60, grace: 20 })
  const id = userId++
  const start = performance.now()
  expect(await register.beat(id, 'program', 'yes', 600)).toMatchObject({ status: 'online' })
  await register.arrive(id, phone, 'yes')
  // Longer than anything is kept of a device that lasts as long as others.
  await sleep(200)
  expect((await register.sweep()).filter((change) => change.userId === id)).toEqual([])
  await register.arrive(id, laptop, 'no')
  await register.leave(id, laptop)
  expect(await announcedChange(register, id)).toMatchObject({ status: 'offline' })
  expect(performance.now() - start).toBeGreaterThan(580)
})

test('a shorter heartbeat of another session takes nothing away', async () => {
  const register = open()
  const id = userId++
  const start = performance.now()
  await register.beat(id, 'program', 'yes', 300)
  await register.beat(id, 'phone', 'yes', 50)
  expect(await announcedChange(register, id)).toMatchObject({ status: 'offline' })
  expect(performance.now() - start).toBeGreaterThan(280)
})
