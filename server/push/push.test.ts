import { expect, test } from 'vitest'
import { groupOf, startPushing, statusOf } from '../testing/pushing.ts'

const { later, pushes, subscribe, service } = await startPushing()
const { anna, bartek, celina, dawid } = service
const { sql } = await import('../db/client.ts')

test('a message to somebody away arrives once, and they alone can read it', async () => {
  const subscription = await subscribe(bartek)
  const id = await anna.talkTo(bartek)
  const { id: message } = await anna.say(id, '<p>Zebranie <strong>jutro</strong></p><p>o osiemnastej</p>')
  await later()
  await later()
  const [received, ...more] = pushes.received
  expect(more).toEqual([])
  expect(pushes.at(subscription)).toEqual([received])
  expect(received!.payload).toEqual({
    type: 'message',
    conversation_id: id,
    message_id: message,
    title: 'Anna Kowalska',
    body: 'Zebranie jutro o osiemnastej',
    unread_count: 1,
    url: `http://portal.example.org/wiadomosci/${id}`,
  })
  expect(received).toMatchObject({
    ttl: '86400',
    urgency: 'normal',
    topic: expect.stringMatching(/^[\w-]{32}$/),
    key: (await bartek.get('/api/push/key')).body.key,
    claims: { sub: 'mailto:rozmowa@example.org' },
  })
  await bartek.post(`/api/conversations/${id}/read`)
})

test('every device of a member is told, the sender’s are not, and of many messages only of the newest', async () => {
  const id = await groupOf(anna, 'Zarząd', bartek, celina)
  const [phone, desktop, celinas, own] = [bartek, bartek, celina, anna].map(() => pushes.subscription())
  await subscribe(bartek, phone)
  await subscribe(bartek, desktop)
  await subscribe(celina, celinas)
  await subscribe(anna, own)
  for (const text of ['raz', 'dwa', 'trzy']) await anna.say(id, text)
  await later()
  expect(pushes.at(own!)).toEqual([])
  for (const each of [phone, desktop, celinas]) {
    expect(pushes.at(each!).map(({ payload }) => payload)).toMatchObject([
      { title: 'Zarząd', body: 'Anna Kowalska: trzy', unread_count: 3 },
    ])
  }
  const topics = pushes.received.map(({ topic }) => topic)
  expect(new Set(topics).size, 'no two subscriptions have a topic in common').toBe(3)
  await anna.say(id, 'cztery')
  await later()
  expect(pushes.at(phone!)[1]).toMatchObject({
    topic: pushes.at(phone!)[0]!.topic,
    payload: { unread_count: 4 },
  })
  await celina.say(id, 'pięć')
  await later()
  expect(pushes.at(own!)).toHaveLength(1)
})

test('everybody is told in their language what happened to a group, and of files by their name', async () => {
  const id = await groupOf(anna, 'Zarząd', bartek, celina)
  await bartek.patch('/api/users/me/settings', { locale: 'en' })
  const [english, polish] = [await subscribe(bartek), await subscribe(celina)]
  await anna.patch(`/api/conversations/${id}`, { name: 'Rada' })
  await later()
  expect(pushes.at(english)[0]!.payload).toMatchObject({
    title: 'Rada',
    body: 'Anna Kowalska renamed the group to “Rada”',
    unread_count: 0,
  })
  expect(pushes.at(polish)[0]!.payload.body).toMatch(/^Anna Kowalska zmienia nazwę/)
  await bartek.patch('/api/users/me/settings', { locale: 'pl' })

  const form = new FormData()
  form.set('file', new Blob(['1,2']), 'budżet.csv')
  const { attachment } = (await anna.request('POST', '/api/messages/upload', { body: form })).body
  await anna.say(id, '', { attachment_ids: [attachment.id] })
  await later()
  expect(pushes.at(polish)[1]!.payload.body).toBe('Anna Kowalska: budżet.csv')
})

test('however long a message, its push is short and whole', async () => {
  const subscription = await subscribe(bartek)
  const id = await groupOf(anna, '👩‍👩‍👧‍👦'.repeat(20), bartek)
  await anna.say(id, `${'"👩‍👩‍👧‍👦\\'.repeat(1500)}`)
  await later()
  const [{ payload, bytes }] = pushes.at(subscription) as [(typeof pushes.received)[0]]
  expect(bytes).toBeLessThan(3072)
  expect([...payload.body]).toHaveLength('Anna Kowalska: '.length + 140)
  expect(payload.body).toMatch(/…$/)
})

/** What makes a message none that Bartek is told of, in a group of his and Anna's. */
const untold: [string, (id: number, messageId: number) => Promise<unknown>][] = [
  ['they read it', (id) => bartek.post(`/api/conversations/${id}/read`)],
  ['they answer', (id) => bartek.say(id, 'jestem')],
  [
    'they mute the conversation',
    (id) => bartek.patch(`/api/conversations/${id}/settings`, { is_muted: true }),
  ],
  ['the message is deleted', (_, messageId) => anna.delete(`/api/messages/${messageId}`)],
  ['the conversation is deleted', (id) => anna.delete(`/api/conversations/${id}`)],
  ['they leave', (id) => bartek.delete(`/api/conversations/${id}/members/${bartek.id}`)],
  ['their session ends', () => sql`delete from sessions where sess ->> 'userId' = ${`${bartek.id}`}`],
  [
    'their session expires',
    () => sql`
    update sessions set expire = now() where sess ->> 'userId' = ${`${bartek.id}`}`,
  ],
  ['their account is deactivated', () => sql`update users set is_active = false where id = ${bartek.id}`],
  ['the subscription expires', () => sql`update push_subscriptions set expires_at = now()`],
  ['it is too late', () => sql`update messages set created_at = created_at - interval '7 hours'`],
]

test.each(untold)('nothing is pushed when, before it leaves, %s', async (_, happen) => {
  const id = await groupOf(anna, 'Zarząd', bartek)
  await subscribe(bartek)
  const { id: message } = await anna.say(id, 'Cześć')
  await happen(id, message)
  await later()
  expect(pushes.asked).toEqual([])
  await sql`update users set is_active = true where id = ${bartek.id}`
  await bartek.signIn('bartek')
})

test('who has a stream open is not told, and who has closed it is', async () => {
  const id = await groupOf(dawid, 'Zarząd', bartek)
  await subscribe(bartek)
  const stream = await bartek.listen()
  await expect.poll(() => statusOf(bartek, dawid)).toBe('online')
  await dawid.say(id, 'widzisz to')
  await later()
  expect(pushes.asked).toEqual([])
  stream.close()
  await expect.poll(() => statusOf(bartek, dawid)).toBe('offline')
  await dawid.say(id, 'nie widzisz tego')
  await later()
  expect(pushes.received.map(({ payload }) => payload.body)).toEqual(['Dawid Żółkiewski: nie widzisz tego'])
})

/** Quiet hours around now, or opposite to it, wherever that is in the day. */
function hoursAround(now: Date, quiet: boolean) {
  const hour = (more: number) => `${String((now.getUTCHours() + more + 24) % 24).padStart(2, '0')}:00`
  const [from, to] = [hour(-2), hour(3)]
  return { ...(quiet ? { from, to } : { from: to, to: from }), time_zone: 'UTC' }
}

test('nothing is pushed in quiet hours, nor for what came in them, and mentions are no exception', async () => {
  const id = await groupOf(anna, 'Zarząd', bartek)
  const subscription = await subscribe(bartek)
  const quiet = (is: boolean) =>
    bartek.patch('/api/users/me/settings', { quiet_hours: hoursAround(new Date(), is) })
  await quiet(true)
  await anna.say(id, `<p><span class="mention" data-user-id="${bartek.id}">@Bartek</span> śpisz?</p>`)
  await later()
  expect(pushes.asked).toEqual([])
  await quiet(false)
  await later()
  expect(pushes.asked, 'what came in them is not made up for').toEqual([])
  await anna.say(id, 'Dzień dobry')
  await later()
  expect(pushes.at(subscription).map(({ payload }) => payload)).toMatchObject([
    { body: 'Anna Kowalska: Dzień dobry', unread_count: 2 },
  ])
  pushes.fault = () => ({ status: 503, headers: { 'retry-after': '0' } })
  await anna.say(id, 'A jednak')
  await later()
  pushes.forget()
  await quiet(true)
  await sql`update rozmowa_jobs._private_jobs set run_at = now()`
  await later()
  expect(pushes.asked, 'nor what a push service did not take before').toEqual([])
  await bartek.patch('/api/users/me/settings', { quiet_hours: null })
})

test('where nobody has subscribed, or a job is to come, a message leaves no job', async () => {
  const id = await anna.talkTo(bartek)
  const jobs = () => sql`select from rozmowa_jobs.jobs where task_identifier = 'push'`
  await anna.say(id, 'raz')
  expect(await jobs()).toHaveLength(0)
  await subscribe(bartek)
  await Promise.all(Array.from({ length: 10 }, (_, i) => anna.say(id, `${i}`)))
  expect(await jobs()).toHaveLength(1)
})
