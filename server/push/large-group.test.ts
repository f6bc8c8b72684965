import { expect, test } from 'vitest'
import { freshDatabase } from '../testing/postgres.ts'
import { PushService } from '../testing/push-service.ts'
import { startService } from '../testing/service.ts'

const memberCount = 1000
const subscriptionCount = 500
const pushes = await PushService.start()
const { anna, bartek } = await startService({
  DATABASE_URL: await freshDatabase(),
  LINK_PREVIEW_ALLOW_HOSTS: pushes.host,
})
const { sql } = await import('../db/client.ts')
const { workOff } = await import('../testing/jobs.ts')
const { push } = await import('./push.ts')
const { pushAgain } = await import('./again.ts')

const later = () => workOff({ push, push_again: pushAgain, notify: async () => {} })
const { id } = (await anna.post('/api/conversations', { name: 'Wszyscy', member_ids: [bartek.id] })).body
  .conversation
await sql`
  with added as (
    insert into users (email, username, name)
    select concat('c', n, '@example.org'), concat('c', n), concat('Członek ', n)
    from generate_series(3, ${memberCount}::bigint) n returning id
  )
  insert into conversation_members (conversation_id, user_id) select ${id}, id from added`
const subscriptions = Array.from({ length: subscriptionCount }, () => pushes.subscription())
const rows = subscriptions.map(({ endpoint, keys }, i) => ({ endpoint, ...keys, nth: i }))
await sql`
  with added as (
    select u.id, concat('session of ', u.id) as sid, row_number() over (order by u.id) - 1 as nth
    from conversation_members cm join users u on u.id = cm.user_id
    where cm.conversation_id = ${id} and u.username like 'c%' and u.username <> 'celina'
    order by u.id desc limit ${subscriptionCount}
  ), signed_in as (
    insert into sessions (sid, sess, expire)
    select sid, json_build_object('userId', id), now() + interval '1 day' from added returning sid
  )
  insert into push_subscriptions (user_id, sid, endpoint, p256dh, auth)
  select a.id, s.sid, g.endpoint, g.p256dh, g.auth
  from signed_in s
  join added a on a.sid = s.sid
  join jsonb_to_recordset(${sql.json(rows)}) as g (endpoint text, p256dh text, auth text, nth bigint)
    on g.nth = (a.nth - (select min(nth) from added))`

test('everybody in a large group is told once, a few at a time, and the group can be written to meanwhile', async () => {
  pushes.delay = 20
  await anna.say(id, 'Cześć')
  const working = later()
  await expect.poll(() => pushes.asked.length).toBeGreaterThan(20)
  const start = performance.now()
  await anna.post(`/api/conversations/${id}/read`)
  await bartek.post(`/api/conversations/${id}/read`)
  expect(performance.now() - start).toBeLessThan(2000)
  expect(pushes.received.length).toBeLessThan(subscriptionCount)
  await working
  expect(pushes.received).toHaveLength(subscriptionCount)
  expect(new Set(pushes.received.map(({ path }) => path)).size).toBe(subscriptionCount)
  expect(pushes.mostAtOnce).toBeGreaterThan(4)
  expect(pushes.mostAtOnce).toBeLessThanOrEqual(16)
})

test('what was interrupted in the middle goes on where it was', async () => {
  pushes.received.length = 0
  pushes.delay = 0
  await bartek.say(id, 'Dzień dobry')
  const half = subscriptions.slice(0, 250).map(({ endpoint }) => new URL(endpoint).pathname)
  pushes.fault = (path) => (half.includes(path) ? { status: 503 } : undefined)
  await later()
  expect(pushes.received).toHaveLength(250)
  await sql`update conversations set push_from_id = last_message_id where id = ${id}`
  pushes.fault = () => undefined
  await push({ conversation_id: id })
  expect(pushes.received).toHaveLength(subscriptionCount)
  await later()
  expect(pushes.received).toHaveLength(subscriptionCount)
  expect(new Set(pushes.received.map(({ path }) => path)).size).toBe(subscriptionCount)
})
