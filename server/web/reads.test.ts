import { expect, test } from 'vitest'
import { type Answer, type Person, startService } from '../testing/service.ts'

const { anna, bartek, celina, dawid, ewa } = await startService({ RATE_LIMITS: 'on' })
const { sql } = await import('../db/client.ts')
const { spend } = await import('./limits.ts')

/** Messages of so many characters, as if they had been sent. */
async function fill(conversationId: number, senderId: number, count: number, length: number): Promise<void> {
  await sql`
    insert into messages (conversation_id, seq, sender_id, content, content_text)
    select ${conversationId}::bigint, n, ${senderId}::bigint, text, text
    from generate_series(1, ${count}::bigint) n, repeat('słowo ', ${Math.ceil(length / 6)}::int) text`
  await sql`update conversations set seq = ${count},
    last_message_id = (select max(id) from messages where conversation_id = ${conversationId})
    where id = ${conversationId}`
  await sql`analyze messages`
}

/** Some 3 MiB are left then, so that also a slow machine reads them before there is more again. */
const nearlyAll = ({ id }: Person) => spend('read', id, 21 * 1024)

const refused = ({ status }: Answer) => status === 429
const pageOf = (id: number) => `/api/conversations/${id}/messages?limit=100`

const long = await anna.talkTo(bartek)
await fill(long, bartek.id, 100, 20_000)

test.each([
  ['pages of messages', anna, pageOf(long)],
  ['what has changed', bartek, `/api/conversations/${long}/changes?after_seq=0`],
])('only the member who reads %s without a pause is asked to wait', async (_, reader, path) => {
  await nearlyAll(reader)
  const answers: Answer[] = []
  while (!answers.some(refused) && answers.length < 300) answers.push(await reader.get(path))
  const last = answers.at(-1)!
  expect([last.status, last.body.code]).toEqual([429, 'rate_limited'])
  const wait = Number(last.headers.get('retry-after'))
  expect(wait).toBeGreaterThan(0)
  expect(wait).toBeLessThanOrEqual(10)
  expect(refused(await reader.get('/wiadomosci'))).toBe(true)
  // Sending is no reading.
  expect((await reader.post(`/api/conversations/${long}/messages`, { content: 'a' })).status).toBe(201)
  expect((await celina.get('/api/conversations')).status).toBe(200)
})

test('concurrent requests get no more than sequential ones', async () => {
  const id = await dawid.talkTo(ewa)
  await fill(id, ewa.id, 100, 20_000)
  await nearlyAll(dawid)
  const answers = await Promise.all(Array.from({ length: 150 }, () => dawid.get(pageOf(id))))
  const bytes = answers
    .filter((answer) => !refused(answer))
    .reduce((sum, { body }) => sum + Buffer.byteLength(JSON.stringify(body)), 0)
  expect(answers.filter(refused).length).toBeGreaterThan(50)
  expect(bytes).toBeLessThan(30 * 1024 * 1024)
})

// At once, for it waits, and each of both reads as somebody else.
test.concurrent('a printed conversation is complete, and no faster than the limit allows', async () => {
  const id = await ewa.talkTo(bartek)
  await fill(id, ewa.id, 60, 20_000)
  let wait = 0
  while (wait < 3) {
    await spend('read', ewa.id, 24 * 1024).catch(() => {})
    wait = Number((await ewa.get('/api/users/me')).headers.get('retry-after'))
  }
  const start = Date.now()
  const printed = await ewa.get(`/wiadomosci/${id}/druk`)
  expect(printed.status).toBe(200)
  expect(printed.body.match(/<article/g)).toHaveLength(60)
  expect(Date.now() - start).toBeGreaterThan((wait - 1.5) * 1000)
}, 60_000)

test.concurrent('scrolling through 10,000 messages, and ten tabs reconnecting after an outage, stay within the limit', async () => {
  const id = await celina.talkTo(ewa)
  await fill(id, ewa.id, 10_000, 240)
  const answers: Answer[] = []
  for (let cursor = '', more = true; more; ) {
    const answer = await celina.get(`/api/conversations/${id}/messages?limit=50${cursor}`)
    answers.push(answer)
    more = answer.body.has_more
    cursor = `&before_id=${answer.body.next_cursor}`
  }
  expect(answers).toHaveLength(200)
  const tabs = Array.from({ length: 10 }, () => [
    ...['/api/users/me', '/api/conversations?limit=100', '/api/conversations?filter=unread&limit=100'],
    ...[`/wiadomosci/${id}`, `/api/conversations/${id}/changes?after_seq=9900`],
    ...[`/api/conversations/${id}/pins`, `/api/conversations/${id}`],
  ]).flat()
  answers.push(...(await Promise.all(tabs.map((path) => celina.get(path)))))
  answers.push(
    ...(await Promise.all(
      Array.from({ length: 60 }, () => celina.get(`/api/conversations/${id}/messages?limit=50`)),
    )),
  )
  expect(answers.filter(refused)).toEqual([])
}, 60_000)
