import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import type { Scheduled } from '../contract/scheduled.ts'
import { upload } from '../testing/files.ts'
import { type Person, startService } from '../testing/service.ts'

const { anna, bartek, celina, dawid } = await startService()
const { sql } = await import('../db/client.ts')
const { sendScheduled } = await import('./send.ts')
const { jobsLeft, workOff } = await import('../testing/jobs.ts')

const nothing = async () => {}
const handlers = { send_scheduled: sendScheduled, notify: nothing, push: nothing, preview: nothing }
const work = () => workOff(handlers)
const hours = (count: number) => new Date(Date.now() + count * 3_600_000).toISOString()

const groupOf = async (...others: Person[]): Promise<number> => {
  const member_ids = [dawid, ...others].map(({ id }) => id)
  const { body } = await anna.post('/api/conversations', { name: 'Plany', member_ids })
  return body.conversation.id
}
const schedule = (who: Person, id: number, more: object = {}) =>
  who.post(`/api/conversations/${id}/messages` as string, { content: 'później', send_at: hours(1), ...more })
const scheduledIn = async (who: Person, id: number) =>
  (await who.get('/api/messages/scheduled')).body.scheduled.filter((each) => each.conversation_id === id)
const texts = async (who: Person, id: number) =>
  (await who.get(`/api/conversations/${id}/messages`)).body.messages.map((each) => each.content_text)
/** As if its time had come. */
const due = (id: number) => sql`update scheduled_messages set send_at = now() where id = ${id}`

test('a message waits, is sent at its time as any other, and is told to all devices', async () => {
  const id = await groupOf(bartek)
  const [mine, theirs] = await Promise.all([anna.listen(), bartek.listen()])
  const quoted = await bartek.say(id, 'Kiedy?')
  const client_id = randomUUID()
  const send_at = hours(1)
  const more = {
    content: '<p onclick="x">Jutro <b>o</b> ósmej</p>',
    reply_to_id: quoted.id,
    client_id,
    send_at,
  }
  const { status, body } = await schedule(anna, id, more)
  expect([status, body]).toEqual([
    201,
    {
      scheduled: {
        id: expect.any(Number),
        conversation_id: id,
        client_id,
        content: '<p>Jutro <strong>o</strong> ósmej</p>',
        content_text: 'Jutro o ósmej',
        reply_to_id: quoted.id,
        attachments: [],
        send_at,
        created_at: expect.any(String),
        failure: null,
      },
    },
  ])
  const { scheduled } = body
  const told = { conversation_id: id, id: scheduled.id, scheduled }
  expect(await mine.hear('scheduled_updated')).toEqual(told)
  expect(await scheduledIn(anna, id)).toEqual([scheduled])
  expect(await scheduledIn(bartek, id)).toEqual([])
  await work()
  expect(await texts(bartek, id)).not.toContain('Jutro o ósmej')
  expect(await jobsLeft()).toBe(1)

  await anna.patch(`/api/messages/scheduled/${scheduled.id}`, { send_at: hours(0) })
  await work()
  const { message } = await theirs.hear('new_message', ({ message }) => message.sender_id === anna.id)
  expect(message).toMatchObject({ client_id, content: scheduled.content, reply_to: { id: quoted.id } })
  const gone = { conversation_id: id, id: scheduled.id, scheduled: null }
  expect(await mine.hear('scheduled_updated', (event) => event.scheduled === null)).toEqual(gone)
  expect(theirs.events.filter(({ event }) => event === 'scheduled_updated')).toEqual([])
  expect(await scheduledIn(anna, id)).toEqual([])
  mine.close()
  theirs.close()
})

test('it is sent once, however often its job runs and wherever that is killed', async () => {
  const id = await groupOf()
  const { scheduled } = (await schedule(anna, id)).body
  await due(scheduled.id)
  const run = () => sendScheduled({ scheduled_id: scheduled.id })
  // Killed between the message and what is noted of it: the row is there, claimed.
  await sql`update scheduled_messages set claimed_at = now() where id = ${scheduled.id}`
  await anna.say(id, 'później', { client_id: scheduled.client_id })
  await Promise.all([run(), run()])
  await run()
  expect((await texts(anna, id)).filter((text) => text === 'później')).toHaveLength(1)
  expect(await scheduledIn(anna, id)).toEqual([])
})

test('scheduled again with the same client_id it waits once', async () => {
  const id = await groupOf()
  const client_id = randomUUID()
  const answers = await Promise.all([1, 2, 3].map(() => schedule(anna, id, { client_id })))
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 201])
  expect(new Set(answers.map(({ body }) => body.scheduled.id)).size).toBe(1)
  expect(await scheduledIn(anna, id)).toHaveLength(1)
})

test('text and time can be changed, and it can be cancelled, which leaves no job', async () => {
  const id = await groupOf()
  const before = await jobsLeft()
  const { scheduled } = (await schedule(anna, id)).body
  const path = `/api/messages/scheduled/${scheduled.id}` as const
  const stream = await anna.listen()
  const send_at = hours(5)
  const changed = (await anna.patch(path, { content: 'inaczej', send_at })).body.scheduled
  expect(changed).toEqual({ ...scheduled, content: '<p>inaczej</p>', content_text: 'inaczej', send_at })
  expect((await stream.hear('scheduled_updated')).scheduled).toEqual(changed)
  expect((await anna.patch(path, {})).body.scheduled).toEqual(changed)
  expect(await jobsLeft()).toBe(before + 1)
  expect((await anna.delete(path)).status).toBe(204)
  expect(await jobsLeft()).toBe(before)
  expect((await anna.delete(path)).status).toBe(404)
  expect((await anna.patch(path, { content: 'x' })).status).toBe(404)
  stream.close()
})

test('nobody else changes or cancels it, and nobody while it is being sent', async () => {
  const id = await groupOf(bartek)
  const { scheduled } = (await schedule(anna, id)).body
  const path = `/api/messages/scheduled/${scheduled.id}` as const
  expect((await bartek.patch(path, { content: 'x' })).status).toBe(404)
  expect((await bartek.delete(path)).status).toBe(404)
  await sql`update scheduled_messages set claimed_at = now() where id = ${scheduled.id}`
  expect((await anna.patch(path, { content: 'x' })).body).toMatchObject({ status: 409, code: 'conflict' })
  expect((await anna.delete(path)).status).toBe(409)
})

test('files wait with it, are not swept, and go with it', async () => {
  const id = await groupOf()
  const { attachment } = (await upload(anna, 'tekst', 'plan.txt')).body
  const { scheduled } = (await schedule(anna, id, { content: '', attachment_ids: [attachment.id] })).body
  expect(scheduled.attachments).toEqual([attachment])
  const twice = await schedule(anna, id, { attachment_ids: [attachment.id] })
  expect(twice.body).toMatchObject({ status: 400, errors: [{ path: 'attachment_ids' }] })
  const path = `/api/messages/scheduled/${scheduled.id}` as const
  expect((await anna.patch(path, { content: '' })).status).toBe(200)
  await sql`update message_attachments set created_at = now() - interval '25 hours' where id = ${attachment.id}`
  const { sweep } = await import('../attachments/sweep.ts')
  await sweep()
  expect((await anna.get(`/api/attachments/${attachment.id}`)).status).toBe(200)
  await due(scheduled.id)
  await work()
  const { messages } = (await anna.get(`/api/conversations/${id}/messages?limit=1`)).body
  expect(messages[0]!.attachments).toEqual([attachment])
  expect(await sql`select from scheduled_attachments where attachment_id = ${attachment.id}`).toEqual([])
})

const failing: [string, Scheduled['failure'], (id: number) => Promise<unknown>][] = [
  ['has left', 'not_member', (id) => celina.delete(`/api/conversations/${id}/members/${celina.id}`)],
  ['lost the conversation', 'not_member', (id) => anna.delete(`/api/conversations/${id}`)],
  ['is deactivated', 'inactive', () => sql`update users set is_active = false where id = ${celina.id}`],
]
test.each(failing)('one whose writer %s is not sent, and says why', async (_, failure, happens) => {
  const id = await groupOf(celina)
  const { scheduled } = (await schedule(celina, id)).body
  const stream = await celina.listen()
  await happens(id)
  await due(scheduled.id)
  await work()
  if (failure !== 'inactive')
    expect((await stream.hear('scheduled_updated')).scheduled).toMatchObject({ failure })
  await sql`update users set is_active = true where id = ${celina.id}`
  const [left] = await scheduledIn(celina, id)
  expect(left).toMatchObject({ id: scheduled.id, failure, content_text: 'później' })
  expect(await sql`select from messages where client_id = ${scheduled.client_id}`).toEqual([])
  expect((await celina.delete(`/api/messages/scheduled/${scheduled.id}`)).status).toBe(204)
  stream.close()
})

test('one that could not be sent goes with a new time, once that is possible', async () => {
  const id = await groupOf(celina)
  const { scheduled } = (await schedule(celina, id)).body
  await anna.delete(`/api/conversations/${id}/members/${celina.id}`)
  await due(scheduled.id)
  await work()
  await anna.post(`/api/conversations/${id}/members`, { user_ids: [celina.id] })
  await celina.patch(`/api/messages/scheduled/${scheduled.id}`, { send_at: hours(0) })
  await work()
  expect(await texts(celina, id)).toContain('później')
})

test('one whose files were sent elsewhere says so', async () => {
  const id = await groupOf()
  const { attachment } = (await upload(anna, 'tekst', 'plan.txt')).body
  const { scheduled } = (await schedule(anna, id, { attachment_ids: [attachment.id] })).body
  await anna.say(id, 'już', { attachment_ids: [attachment.id] })
  await due(scheduled.id)
  await work()
  expect(await scheduledIn(anna, id)).toMatchObject([{ failure: 'attachments', attachments: [] }])
})

test('one that replies to what is gone is sent without it', async () => {
  const id = await groupOf()
  const { id: reply_to_id } = await anna.say(id, 'pytanie')
  const { scheduled } = (await schedule(anna, id, { reply_to_id })).body
  // As after a backup was restored.
  await sql`update scheduled_messages set reply_to_id = 999999, send_at = now() where id = ${scheduled.id}`
  await work()
  expect(await scheduledIn(anna, id)).toEqual([])
  const { messages } = (await anna.get(`/api/conversations/${id}/messages`)).body
  const [sent] = messages.filter((each) => each.client_id === scheduled.client_id)
  expect(sent).toMatchObject({ content_text: 'później', reply_to: null })
})

test('one that is refused for its text does not blame its files', async () => {
  const id = await groupOf()
  const { scheduled } = (await schedule(anna, id)).body
  const content = `<p>${'x'.repeat(20_001)}</p>`
  await sql`update scheduled_messages set content = ${content}, send_at = now() where id = ${scheduled.id}`
  await work()
  expect(await scheduledIn(anna, id)).toMatchObject([{ failure: 'refused' }])
})

const wrong: [string, object, number][] = [
  ['at no time', { send_at: 'jutro' }, 400],
  ['without a zone', { send_at: '2027-01-01T08:00:00' }, 400],
  ['in the past', { send_at: hours(-1) }, 400],
  ['in two years', { send_at: hours(24 * 730) }, 400],
  ['of nothing', { content: ' ' }, 400],
  ['with a file that is not there', { attachment_ids: [999_999] }, 400],
  ['that replies to nothing', { reply_to_id: 999_999 }, 400],
]
test.each(wrong)('one %s is refused', async (_, more, status) => {
  const id = await groupOf()
  expect((await schedule(anna, id, more)).status).toBe(status)
  expect(await scheduledIn(anna, id)).toEqual([])
})

test('a time may be given in any zone, and a slow clock be a little late', async () => {
  const id = await groupOf()
  const at = new Date(Date.now() + 5 * 3_600_000)
  const warsaw = `${new Date(+at + 3_600_000).toISOString().slice(0, 19)}+01:00`
  const { scheduled } = (await schedule(anna, id, { send_at: warsaw })).body
  expect(Date.parse(scheduled.send_at)).toBe(Math.floor(+at / 1000) * 1000)
  expect((await schedule(anna, id, { send_at: hours(-0.01) })).status).toBe(201)
})

test('a member has at most a hundred that wait', async () => {
  const id = await groupOf(bartek)
  await sql`
    insert into scheduled_messages (user_id, conversation_id, client_id, content, content_text, send_at)
    select ${bartek.id}, ${id}, gen_random_uuid(), '<p>x</p>', 'x', now() + interval '1 day' from generate_series(1, 99)`
  const answers = await Promise.all([schedule(bartek, id), schedule(bartek, id)])
  expect(answers.map(({ status }) => status).sort()).toEqual([201, 409])
  expect((await schedule(anna, id)).status).toBe(201)
})

test('to schedule ends the draft, to be sent later does not', async () => {
  const id = await groupOf()
  const path = `/api/conversations/${id}/draft` as const
  await anna.put(path, { content: 'później', version: 0 })
  const { scheduled } = (await schedule(anna, id)).body
  expect((await anna.get(path)).body).toEqual({ content: '', reply_to_id: null, version: 2 })
  await anna.put(path, { content: 'co innego', version: 2 })
  await due(scheduled.id)
  await work()
  expect((await anna.get(path)).body.content).toBe('<p>co innego</p>')
})

test('what is scheduled does not come back as a draft by a save that was slow', async () => {
  const id = await groupOf()
  const path = `/api/conversations/${id}/draft` as const
  const save = (content: string, version: number) => anna.put(path, { content, version })
  const version = async () => (await anna.get(path)).body.version
  // Scheduled while its first version is on its way, and then while there is a tombstone.
  await schedule(anna, id, { draft_version: 1 })
  expect((await save('późn', 0)).status).toBe(409)
  const seen = await version()
  await schedule(anna, id, { draft_version: seen + 1 })
  expect((await save('późn', seen)).status).toBe(409)
  // Its answer was lost: it was saved again as a draft, and is scheduled once more.
  const client_id = randomUUID()
  await schedule(anna, id, { client_id, draft_version: await version() })
  const again = (await save('później', await version())).body
  expect((await schedule(anna, id, { client_id, draft_version: again.version })).status).toBe(200)
  expect((await anna.get(path)).body).toEqual({ content: '', reply_to_id: null, version: again.version + 1 })
  const other = (await save('co innego', again.version + 1)).body
  await schedule(anna, id, { client_id, draft_version: again.version })
  await schedule(anna, id, { client_id })
  expect((await anna.get(path)).body).toEqual(other)
})

test('a job that comes too early leaves it to the one of its time', async () => {
  const id = await groupOf()
  const { scheduled } = (await schedule(anna, id, { send_at: new Date(Date.now() + 700).toISOString() })).body
  await sendScheduled({ scheduled_id: scheduled.id })
  expect(await scheduledIn(anna, id)).toHaveLength(1)
  await sleep(800)
  await sendScheduled({ scheduled_id: scheduled.id })
  expect(await texts(anna, id)).toContain('później')
})
