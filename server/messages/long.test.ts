import { expect, test } from 'vitest'
import type { Message } from '../contract/messages.ts'
import { startService } from '../testing/service.ts'

const { anna, bartek } = await startService()
const { sql } = await import('../db/client.ts')
const { maxPageBytes } = await import('./fitting.ts')

/** About 60 KB each as stored, with a short one now and then, and one as old inboxes have them. */
const texts = Array.from({ length: 40 }, (_, i) => (i % 5 === 2 ? `nr ${i}` : 'ż'.repeat(15_000)))
const conversation = await anna.talkTo(bartek)
const ids: number[] = []
for (const text of texts) ids.push((await anna.say(conversation, text)).id)
await sql`update messages set content = ${'a'.repeat(2 * maxPageBytes)} where id = ${ids[17]!}`

const bytesOf = ({ content, content_text }: Message) =>
  Buffer.byteLength(content ?? '') + Buffer.byteLength(content_text ?? '')

/** A page's content, which is limited unless it is a single message. */
function taken(messages: Message[]): number[] {
  const bytes = messages.reduce((sum, message) => sum + bytesOf(message), 0)
  expect(messages.length).toBeGreaterThan(0)
  if (messages.length > 1) expect(bytes).toBeLessThanOrEqual(maxPageBytes)
  return messages.map(({ id }) => id)
}

const read = async (query: string) =>
  (await bartek.get(`/api/conversations/${conversation}/messages?limit=100${query}`)).body

test.each([
  ['older', 'before_id', ids.at(-1)! + 1, (all: number[], page: number[]) => [...page, ...all]],
  ['newer', 'after_id', ids[0]!, (all: number[], page: number[]) => [...all, ...page]],
] as const)('of long messages pages are short, and to %s ones they join', async (_, to, from, join) => {
  let all = to === 'after_id' ? [from] : []
  for (let cursor: number | null = from; cursor; ) {
    const page = await read(`&${to}=${cursor}`)
    all = join(all, taken(page.messages))
    expect(page.has_more).toBe(page.next_cursor !== null)
    cursor = page.next_cursor
  }
  expect(all).toEqual(ids)
})

test('a page around a long message contains it, and says what else there is', async () => {
  for (const [index, id] of ids.entries()) {
    const { messages, has_more, has_newer, next_cursor } = await read(`&around_id=${id}`)
    const page: number[] = messages.map((message: Message) => message.id)
    const from = ids.indexOf(page[0]!)
    expect(page).toEqual(ids.slice(from, from + page.length))
    expect(page).toContain(id)
    expect({ has_more, has_newer }).toEqual({ has_more: from > 0, has_newer: page.at(-1) !== ids.at(-1) })
    expect(next_cursor).toBe(from > 0 ? page[0] : null)
    if (Math.abs(index - 17) > 9) taken(messages)
  }
})

test.each([1, 2, 3])('a page around a message of %i at most says what else there is', async (limit) => {
  const ask = async (id: number) =>
    (await bartek.get(`/api/conversations/${conversation}/messages?limit=${limit}&around_id=${id}`)).body
  expect(await ask(ids[0]!)).toMatchObject({ has_more: false, has_newer: true })
  expect(await ask(ids[12]!)).toMatchObject({ has_more: true, has_newer: true })
  expect(await ask(ids.at(-1)!)).toMatchObject({ has_more: true, has_newer: false })
  expect((await ask(ids[12]!)).messages).toHaveLength(limit)
})

test('changes of long messages come in short pages without gaps', async () => {
  const all: number[] = []
  for (let seq = 0, more = true; more; ) {
    const { body } = await bartek.get(`/api/conversations/${conversation}/changes?after_seq=${seq}`)
    all.push(...taken(body.messages))
    expect(body.seq).toBe(body.has_more ? body.messages.at(-1)!.seq : body.conversation.seq)
    ;({ seq, has_more: more } = body)
  }
  expect(all).toEqual(ids)
})

test('pins of long messages come in pages without gaps, newest first', async () => {
  const wanted = ids.filter((_, i) => i % 5 !== 2)
  for (const id of wanted) expect((await anna.post(`/api/messages/${id}/pin`)).status).toBe(204)
  const all: number[] = []
  for (let cursor: number | null | undefined; cursor !== null; ) {
    const query = cursor ? `?cursor=${cursor}` : ''
    const { body } = await bartek.get(`/api/conversations/${conversation}/pins${query}`)
    all.push(...taken(body.pins.map((pin: { message: Message }) => pin.message)))
    expect(body.has_more).toBe(body.next_cursor !== null)
    cursor = body.next_cursor
  }
  expect(all).toEqual(wanted.toReversed())
})

test('a list of conversations whose last messages are long is cut and continued', async () => {
  const groups: number[] = []
  for (let i = 0; i < 15; i++) {
    const { body } = await anna.post('/api/conversations', { name: `Grupa ${i}`, member_ids: [bartek.id] })
    await anna.say(body.conversation.id, 'ż'.repeat(15_000))
    groups.unshift(body.conversation.id)
  }
  const all: number[] = []
  for (let cursor: string | null | undefined; cursor !== null; ) {
    const more = cursor ? `&cursor=${cursor}` : ''
    const { body } = await bartek.get(`/api/conversations?filter=groups&limit=100${more}`)
    taken(body.conversations.map((each) => each.last_message!))
    all.push(...body.conversations.map(({ id }) => id))
    expect(body.has_more).toBe(body.next_cursor !== null)
    cursor = body.next_cursor
  }
  expect(all).toEqual(groups)
})

test('a page opened in the browser is bounded too', async () => {
  const page = await bartek.get(`/wiadomosci/${conversation}`)
  // Messages drawn and as data, the list, the pins.
  expect(page.status).toBe(200)
  expect(Buffer.byteLength(page.body)).toBeLessThan(5 * maxPageBytes)
})
