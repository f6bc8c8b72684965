import { expect, test } from 'vitest'
import { type Subscription, startPushing } from '../testing/pushing.ts'

const { later, pushes, subscribe, subscriptionsOf, unsubscribe, service } = await startPushing()
const { anna, bartek, dawid, guest } = service

test('the key is the same for everybody, and only for members', async () => {
  const atOnce = await Promise.all([anna, bartek, dawid].map((each) => each.get('/api/push/key')))
  const { key } = atOnce[0]!.body
  expect(new Set(atOnce.map(({ body }) => body.key))).toEqual(new Set([key]))
  expect(Buffer.from(key, 'base64url')).toHaveLength(65)
  expect((await guest().get('/api/push/key')).status).toBe(401)
  expect((await guest().post('/api/push/subscriptions', pushes.subscription())).status).toBe(401)
})

test('a shared browser belongs to whoever signed in to it last', async () => {
  const [annas, bartkas] = [await dawid.talkTo(anna), await dawid.talkTo(bartek)]
  const shared = await subscribe(anna)
  await dawid.say(annas, 'do Anny')
  await subscribe(bartek, shared)
  await later()
  expect(pushes.received).toEqual([])
  expect(await subscriptionsOf(anna)).toEqual([])
  await dawid.say(annas, 'do Anny')
  await dawid.say(bartkas, 'do Bartka')
  await later()
  expect(pushes.at(shared).map(({ payload }) => payload.body)).toEqual(['do Bartka'])

  await unsubscribe(anna, shared.endpoint)
  expect(await subscriptionsOf(bartek), 'it is not Anna’s to remove').toHaveLength(1)
})

test('the same endpoint again has its new keys', async () => {
  const id = await anna.talkTo(bartek)
  const [old, renewed] = [pushes.subscription(), pushes.subscription()]
  await subscribe(bartek, { ...renewed, keys: old.keys })
  await subscribe(bartek, renewed)
  await anna.say(id, 'Cześć')
  await later()
  expect(pushes.at(renewed)).toHaveLength(1)
})

test('a subscription ends with its session, or when it is removed', async () => {
  const phone = guest()
  await phone.signIn('bartek')
  const [kept, ended] = [await subscribe(bartek), await subscribe(phone)]
  expect(await subscriptionsOf(bartek)).toHaveLength(2)
  await phone.post('/api/auth/logout')
  expect(await subscriptionsOf(bartek)).toEqual([kept.endpoint])
  expect((await unsubscribe(bartek, ended.endpoint)).status).toBe(204)
  expect((await unsubscribe(bartek, kept.endpoint)).status).toBe(204)
  expect(await subscriptionsOf(bartek)).toEqual([])
})

test.each([
  [Date.UTC(9999, 11, 31), 204],
  [8.64e15 - 2, 400],
  [1e308, 400],
  [-1, 400],
])('one that expires at %d is answered %i', async (expirationTime, status) => {
  const subscription = { ...pushes.subscription(), expirationTime }
  expect((await dawid.post('/api/push/subscriptions', subscription)).status).toBe(status)
  await unsubscribe(dawid, subscription.endpoint)
})

test('a user has at most 20 subscriptions, and the oldest goes', async () => {
  const made: Subscription[] = []
  for (let i = 0; i < 20; i++) made.push(await subscribe(bartek))
  // The first one is used again, and so the second is the oldest.
  await subscribe(bartek, made[0])
  await subscribe(bartek)
  const kept = await subscriptionsOf(bartek)
  expect(kept).toHaveLength(20)
  expect(kept).toContain(made[0]!.endpoint)
  expect(kept).not.toContain(made[1]!.endpoint)
})
