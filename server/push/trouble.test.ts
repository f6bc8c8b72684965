import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { groupOf, startPushing, statusOf } from '../testing/pushing.ts'

const { later, push, pushes, subscribe, subscriptionsOf, service } = await startPushing()
const { anna, bartek, celina, dawid } = service
const { sql } = await import('../db/client.ts')

test.each([404, 410])('a push service that answers %i is not asked again', async (status) => {
  const id = await anna.talkTo(bartek)
  const [gone, there] = [await subscribe(bartek), await subscribe(bartek)]
  pushes.fault = (path) => (gone.endpoint.endsWith(path) ? { status } : undefined)
  await anna.say(id, 'Cześć')
  await later()
  expect(await subscriptionsOf(bartek)).toEqual([there.endpoint])
  expect(pushes.at(there)).toHaveLength(1)
})

test.each([
  [500, undefined, 5],
  [503, '120', 120],
  [429, '600', 600],
] as const)(
  'a push service that answers %i is asked again, and then it arrives once',
  async (status, after, pause) => {
    const id = await anna.talkTo(bartek)
    const subscription = await subscribe(bartek)
    pushes.fault = () => ({ status, ...(after && { headers: { 'retry-after': after } }) })
    await anna.say(id, 'Cześć')
    await later()
    const pauseOf = async () =>
      (
        await sql<[{ seconds: number }]>`
        select extract(epoch from run_at - now())::float as seconds from rozmowa_jobs._private_jobs`
      )[0].seconds
    expect(await pauseOf()).toBeGreaterThan(pause - 3)
    await later()
    expect(await pauseOf(), 'that of the job after that of the push service').toBeGreaterThan(
      Number(after ?? 0),
    )
    expect(pushes.asked).toHaveLength(2)
    pushes.fault = () => undefined
    await later()
    await later()
    expect(pushes.at(subscription)).toHaveLength(1)
    expect(await sql`select from rozmowa_jobs._private_jobs`).toHaveLength(0)
  },
)

test('a push that failed is not tried again when it was read meanwhile, or its user is back', async () => {
  const id = await groupOf(dawid, 'Zarząd', bartek, celina)
  await subscribe(bartek)
  await subscribe(celina)
  pushes.fault = () => ({ status: 502 })
  await dawid.say(id, 'Cześć')
  await later()
  pushes.fault = () => undefined
  await bartek.post(`/api/conversations/${id}/read`)
  const stream = await celina.listen()
  await expect.poll(() => statusOf(celina, dawid)).toBe('online')
  await later()
  expect(pushes.received).toEqual([])
  stream.close()
  await expect.poll(() => statusOf(celina, dawid)).toBe('offline')
})

test('what a push service refuses is not tried again, and the next message is', async () => {
  const id = await anna.talkTo(bartek)
  const subscription = await subscribe(bartek)
  for (const status of [400, 403, 413]) {
    pushes.fault = () => ({ status })
    await anna.say(id, `${status}`)
    await later()
    await later()
  }
  expect(pushes.asked).toHaveLength(3)
  pushes.fault = () => undefined
  await anna.say(id, 'Cześć')
  await later()
  expect(pushes.at(subscription)).toHaveLength(1)
})

test('no redirect is followed, and an answer without end holds up nobody', async () => {
  const id = await anna.talkTo(bartek)
  const elsewhere = pushes.subscription()
  const [turned, flooded] = [await subscribe(bartek), await subscribe(bartek)]
  pushes.fault = (path) => {
    if (turned.endpoint.endsWith(path)) return { status: 307, headers: { location: elsewhere.endpoint } }
    return (res) => {
      res.writeHead(201)
      const timer = setInterval(() => res.write('x'.repeat(8192)), 5)
      res.on('close', () => clearInterval(timer))
    }
  }
  await anna.say(id, 'Cześć')
  const start = performance.now()
  await later()
  expect(performance.now() - start).toBeLessThan(5000)
  const paths = [turned, flooded].map(({ endpoint }) => `POST ${new URL(endpoint).pathname}`)
  expect(pushes.asked.sort()).toEqual(paths.sort())
})

test('a job that runs again pushes only what has not been pushed', async () => {
  const id = await groupOf(anna, 'Zarząd', bartek, celina)
  const [first, second] = [await subscribe(bartek), await subscribe(celina)]
  const { id: message } = await anna.say(id, 'Cześć')
  await push({ conversation_id: id })
  await sql`delete from push_notices n using push_subscriptions p
    where p.id = n.subscription_id and p.user_id = ${celina.id}`
  await sql`update conversations set push_from_id = ${message} where id = ${id}`
  await Promise.all([push({ conversation_id: id }), push({ conversation_id: id })])
  expect([pushes.at(first).length, pushes.at(second).length]).toEqual([1, 2])
})

test('a message that is sent while others are pushed is pushed too', async () => {
  const id = await anna.talkTo(bartek)
  const subscription = await subscribe(bartek)
  pushes.delay = 300
  await anna.say(id, 'pierwsza')
  const working = later()
  await expect.poll(() => pushes.asked.length).toBe(1)
  await anna.say(id, 'druga')
  await working
  await later()
  expect(pushes.at(subscription).map(({ payload }) => payload.body)).toEqual(['pierwsza', 'druga'])
})

test('what the night finds: expired subscriptions go, and lost jobs are left anew', async () => {
  const { tidyPushes } = await import('./tidy.ts')
  const id = await anna.talkTo(bartek)
  const subscription = await subscribe(bartek)
  await subscribe(celina, { ...pushes.subscription(), expirationTime: Date.now() as never })
  await anna.say(id, 'Cześć')
  await sql`delete from rozmowa_jobs._private_jobs`
  await sleep(5)
  await tidyPushes()
  await tidyPushes()
  expect(await sql`select from rozmowa_jobs._private_jobs`).toHaveLength(1)
  await later()
  expect(pushes.at(subscription)).toHaveLength(1)
  expect(await subscriptionsOf(celina)).toEqual([])
})
