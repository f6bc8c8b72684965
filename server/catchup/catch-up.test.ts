import { expect, test } from 'vitest'
import type { Events } from '../contract/events.ts'
import { Listener } from '../testing/listener.ts'
import { type Person, startService } from '../testing/service.ts'

const service = await startService()
const { anna, bartek, celina, dawid, ewa } = service
const { insertMessage } = await import('../messages/insert.ts')
const { publishMessage } = await import('../messages/publish.ts')
const { publishThrough } = await import('../live/publish.ts')
const { sql } = await import('../db/client.ts')
const { catchUp } = await import('./catch-up.ts')

/** Stores a message as if the process had died before publishing it. */
async function storeUnpublished(conversationId: number, sender: Person, text: string) {
  const sent = await insertMessage({
    conversationId,
    senderId: sender.id,
    content: `<p>${text}</p>`,
    contentText: text,
  })
  if (sent.outcome !== 'sent') throw new Error(sent.outcome)
  return sent
}

const seqs = (stream: Listener, conversationId: number) =>
  stream.events
    .filter(({ data }) => data.conversation_id === conversationId && data.seq)
    .map(({ data }) => data.seq)

const openAt = (person: Person, cursor: string) =>
  Listener.open(`${service.address}/api/messages/stream`, person.cookie, { 'last-event-id': cursor })

/** The id of the last event that has one. */
const cursorOf = (stream: Listener) =>
  stream.raw
    .match(/^id: (.*)$/gm)!
    .at(-1)!
    .slice(4)

test('a change that nobody published is seen within five seconds', async () => {
  const id = await anna.talkTo(bartek)
  const stream = await bartek.listen()
  const { message } = await storeUnpublished(id, anna, 'nikt tego nie ogłosił')
  const heard = await stream.hear('new_message')
  expect(heard.message).toEqual(message)
  stream.close()
})

test('what comes after a gap waits until the gap is filled', async () => {
  const id = await anna.talkTo(celina)
  await anna.say(id, 'jeden')
  const stream = await celina.listen()
  const first = await storeUnpublished(id, anna, 'dwa')
  const second = await storeUnpublished(id, anna, 'trzy')
  const third = await storeUnpublished(id, anna, 'cztery')
  publishMessage(third.message, third.recipients)
  publishMessage(first.message, first.recipients)
  publishMessage(third.message, third.recipients)
  await expect.poll(() => seqs(stream, id)).toContain(third.message.seq)
  for (const late of [second, third]) publishMessage(late.message, late.recipients)
  const last = await anna.say(id, 'pięć')
  await expect.poll(() => seqs(stream, id)).toContain(last.seq)
  expect(seqs(stream, id)).toEqual([2, 3, 4, 5])
  // Nothing else was published about it.
  expect(stream.events.filter(({ event }) => event === 'conversation_updated')).toEqual([])
  stream.close()
})

test('a hundred messages published in any order arrive in order', async () => {
  const id = await dawid.talkTo(ewa)
  const stream = await ewa.listen()
  const sent = []
  for (let i = 0; i < 100; i++) sent.push(await storeUnpublished(id, dawid, `nr ${i}`))
  for (const { message, recipients } of sent.toSorted(
    (a, b) => ((a.message.id * 7919) % 101) - ((b.message.id * 7919) % 101),
  ))
    publishMessage(message, recipients)
  await expect.poll(() => seqs(stream, id).length).toBeGreaterThanOrEqual(100)
  const messages = stream.events.filter(({ event }) => event === 'new_message').map(({ data }) => data.seq)
  expect(messages).toEqual(Array.from({ length: 100 }, (_, i) => i + 1))
  stream.close()
})

test('a bus that carries nothing loses nothing', async () => {
  const id = await bartek.talkTo(ewa)
  const stream = await ewa.listen()
  const undo = publishThrough({ publish() {} })
  const message = await bartek.say(id, 'w ciszy')
  await bartek.patch(`/api/messages/${message.id}`, { content: 'w ciszy, poprawiona' })
  const group = await bartek.post('/api/conversations', { name: 'Cicha', member_ids: [ewa.id] })
  await bartek.delete(`/api/conversations/${group.body.conversation.id}/members/${ewa.id}`)
  const kept = await bartek.post('/api/conversations', { name: 'Głośna', member_ids: [ewa.id] })
  undo()
  const received = await stream.hear('new_message', (data) => data.message.id === message.id)
  expect(received.message.content_text).toBe('w ciszy, poprawiona')
  await stream.hear('conversation_updated', (data) => data.conversation.id === kept.body.conversation.id)
  stream.close()
})

test.each([
  ['was added', false],
  ['was removed and added again', true],
])(
  'a member who %s to a group that goes on, which nobody published, sees it and all that follows',
  async (_, wasMember) => {
    const members = wasMember ? [celina.id, ewa.id] : [celina.id]
    const { body } = await bartek.post('/api/conversations', { name: 'Trwająca', member_ids: members })
    const { id } = body.conversation
    await bartek.say(id, 'zanim przyszła')
    const stream = await ewa.listen()
    const undo = publishThrough({ publish() {} })
    if (wasMember) await bartek.delete(`/api/conversations/${id}/members/${ewa.id}`)
    await bartek.post(`/api/conversations/${id}/members`, { user_ids: [ewa.id] })
    undo()
    const shown = await stream.hear('conversation_updated', (data) => data.conversation_id === id)
    expect(shown.conversation.member_count).toBe(3)
    const next = await bartek.say(id, 'odkąd jest')
    const heard = await stream.hear('new_message', (data) => data.message.id === next.id)
    expect(heard.seq).toBeGreaterThan(shown.seq)
    expect(stream.events.filter(({ event }) => event === 'conversation_removed')).toEqual([])
    stream.close()
  },
)

test('a removal that nobody published is seen too', async () => {
  const { body } = await bartek.post('/api/conversations', { name: 'Do wyjścia', member_ids: [ewa.id] })
  const stream = await ewa.listen()
  const undo = publishThrough({ publish() {} })
  await bartek.delete(`/api/conversations/${body.conversation.id}/members/${ewa.id}`)
  undo()
  expect(await stream.hear('conversation_removed')).toEqual({ conversation_id: body.conversation.id })
  stream.close()
})

test('a reader who reconnects with a cursor gets everything missed, then live events', async () => {
  const id = await celina.talkTo(dawid)
  const old = await celina.say(id, 'sprzed przerwy')
  await sql`update messages set created_at = now() - interval '1 minute' where id = ${old.id}`
  const before = await dawid.listen()
  const cursor = cursorOf(before)
  before.close()
  const missed = [await celina.say(id, 'raz'), await celina.say(id, 'dwa')]
  await celina.patch(`/api/messages/${old.id}`, { content: 'sprzed przerwy, poprawiona' })
  await dawid.post(`/api/messages/${missed[0]!.id}/reactions`, { emoji: '👍' })
  const made = await celina.post('/api/conversations', { name: 'Nowa', member_ids: [dawid.id] })
  const left = await celina.post('/api/conversations', { name: 'Krótka', member_ids: [dawid.id] })
  await celina.delete(`/api/conversations/${left.body.conversation.id}/members/${dawid.id}`)
  await celina.post(`/api/conversations/${id}/read`)

  const stream = await openAt(dawid, cursor)
  expect(
    (await stream.hear('message_updated', ({ message }) => message.id === old.id)).message.content_text,
  ).toBe('sprzed przerwy, poprawiona')
  await stream.hear('new_message', ({ message }) => message.id === missed[1]!.id)
  expect(
    (await stream.hear('new_message', ({ message }) => message.id === missed[0]!.id)).message.reactions,
  ).toHaveLength(1)
  await stream.hear(
    'conversation_updated',
    ({ conversation }) => conversation.id === made.body.conversation.id,
  )
  expect((await stream.hear('conversation_removed')).conversation_id).toBe(left.body.conversation.id)
  await stream.hear('message_read', (data) => data.user_id === celina.id && data.conversation_id === id)
  const live = await celina.say(id, 'na żywo')
  await stream.hear('new_message', ({ message }) => message.id === live.id)
  stream.close()
})

test('a replay is in order, and skips a number only when a later change took it over', async () => {
  const id = await anna.talkTo(ewa)
  const before = await ewa.listen()
  const cursor = cursorOf(before)
  before.close()
  const messages: { id: number }[] = []
  for (let i = 0; i < 10; i++) messages.push(await anna.say(id, `nr ${i}`))
  await anna.patch(`/api/messages/${messages[3]!.id}`, { content: 'nr 3, poprawiony' })
  const stream = await openAt(ewa, cursor)
  await expect.poll(() => seqs(stream, id)).toContain(11)
  const received = stream.events
    .filter(({ data }) => data.conversation_id === id && data.message)
    .map(({ data }) => data.seq)
  expect(received).toEqual([1, 2, 3, 5, 6, 7, 8, 9, 10, 11])
  stream.close()
})

test('the page’s own cursor may come in the address', async () => {
  const id = await anna.talkTo(dawid)
  const before = await dawid.listen()
  const cursor = cursorOf(before)
  before.close()
  const message = await anna.say(id, 'między wczytaniem a strumieniem')
  const stream = await Listener.open(
    `${service.address}/api/messages/stream?last_event_id=${cursor}`,
    dawid.cookie,
  )
  await stream.hear('new_message', (data: Events['new_message']) => data.message.id === message.id)
  stream.close()
})

test.each([
  ['of another history', () => `00000000-1-${Date.now().toString(36)}`],
  ['from the future', (cursor: string) => cursor.replace(/-\d+-/, '-999999999999-')],
  ['that is none', () => 'garbage'],
  ['that is hostile', () => "1'; drop table users; --"],
])('a cursor %s gets resync, never silence', async (_, make) => {
  const before = await bartek.listen()
  const cursor = make(cursorOf(before))
  before.close()
  const stream = await openAt(bartek, cursor)
  await stream.hear('resync')
  const message = await anna.say(await anna.talkTo(bartek), 'i dalej na żywo')
  await stream.hear('new_message', (data) => data.message.id === message.id)
  stream.close()
})

test.each([
  ['garbage'],
  ['x'.repeat(101)],
  ['0'.repeat(5000)],
  ['%00'],
  ['%E0%A4%A'],
  ['-1'],
  ['00000000-1-zz'],
])('%j in the address gets resync, as in the header', async (cursor) => {
  const stream = await Listener.open(
    `${service.address}/api/messages/stream?last_event_id=${cursor}`,
    bartek.cookie,
  )
  await stream.hear('resync')
  stream.close()
})

test('a cursor from a worker that polled later gets what was missed', async () => {
  const id = await anna.talkTo(bartek)
  const before = await bartek.listen()
  const cursor = cursorOf(before)
  before.close()
  await anna.say(id, 'już opowiedziane')
  const [{ xmin }] = await sql<
    [{ xmin: string }]
  >`select pg_snapshot_xmin(pg_current_snapshot())::text as xmin`
  const missed = await anna.say(id, 'jeszcze nie')
  const stream = await openAt(bartek, cursor.replace(/-\d+-/, `-${xmin}-`))
  await stream.hear('new_message', (data) => data.message.id === missed.id)
  expect(stream.raw).not.toContain('event: resync')
  stream.close()
})

test('too much to replay is resync, before anything else', async () => {
  const id = await celina.talkTo(bartek)
  const before = await bartek.listen()
  const cursor = cursorOf(before)
  before.close()
  await Promise.all(Array.from({ length: 510 }, (_, i) => celina.say(id, `nr ${i}`)))
  const flood = Promise.all(Array.from({ length: 40 }, (_, i) => celina.say(id, `i nr ${i}`)))
  const stream = await openAt(bartek, cursor)
  await stream.hear('resync')
  await flood
  const last = await celina.say(id, 'na koniec')
  await stream.hear('new_message', ({ message }) => message.id === last.id)
  expect(stream.raw.indexOf('event: resync')).toBeLessThan(stream.raw.indexOf('event: new_message'))
  stream.close()
})

test('too much to write at once is resync too, and the stream stays', async () => {
  const id = await dawid.talkTo(bartek)
  const before = await bartek.listen()
  const cursor = cursorOf(before)
  before.close()
  for (let i = 0; i < 40; i++) await dawid.say(id, `<p>${'długo '.repeat(3000)}</p>`)
  const stream = await openAt(bartek, cursor)
  await stream.hear('resync')
  const message = await dawid.say(id, 'i dalej')
  await stream.hear('new_message', (data) => data.message.id === message.id)
  stream.close()
})

test('a cursor brings only what the reader may see', async () => {
  const before = await ewa.listen()
  const cursor = cursorOf(before)
  before.close()
  await anna.say(await anna.talkTo(bartek), 'nie dla Ewy')
  const own = await anna.say(await anna.talkTo(ewa), 'dla Ewy')
  const stream = await openAt(ewa, cursor)
  await stream.hear('new_message', ({ message }) => message.id === own.id)
  expect(stream.raw).not.toContain('nie dla Ewy')
  stream.close()
})

test('a stream that opens while a conversation is flooded misses nothing and has nothing out of order', async () => {
  const { body } = await anna.post('/api/conversations', {
    name: 'Powódź',
    member_ids: [bartek.id, celina.id],
  })
  const { id } = body.conversation
  const streams: Listener[] = []
  const flood = Promise.all(
    [anna, bartek, celina].map(async (who) => {
      for (let i = 0; i < 60; i++) await who.say(id, `nr ${i}`)
    }),
  )
  for (let i = 0; i < 10; i++) streams.push(await bartek.listen())
  await flood
  const [row] = await sql<{ seq: number }[]>`select seq from conversations where id = ${id}`
  for (const stream of streams) {
    await stream.hear('new_message', ({ seq }) => seq === row!.seq)
    const heard = seqs(stream, id)
    const first = heard[0] ?? row!.seq
    expect(heard).toEqual(Array.from({ length: row!.seq - first }, (_, i) => first + i))
    stream.close()
  }
})

test('a transaction held open in another database of the server holds up nothing here', async () => {
  const { default: postgres } = await import('postgres')
  const { freshDatabase } = await import('../testing/postgres.ts')
  const foreign = postgres(await freshDatabase(), { max: 1 })
  await foreign.begin(async (tx) => {
    const [{ held }] = await tx<[{ held: string }]>`select pg_current_xact_id()::text as held`
    await anna.say(await anna.talkTo(bartek), 'tymczasem')
    const own = await catchUp.changedSince(undefined, [])
    expect(own.cursor.xmin).toBeGreaterThan(BigInt(held))
  })
  await foreign.end()
})

test('a transaction held open here holds up the cursor until it has ended', async () => {
  const id = await anna.talkTo(bartek)
  const begun = await catchUp.changedSince(undefined, [bartek.id])
  const { promise: isHeld, resolve: hold } = Promise.withResolvers<string>()
  const { promise: mayEnd, resolve: end } = Promise.withResolvers<void>()
  const holding = sql.begin(async (tx) => {
    const [{ held }] = await tx<[{ held: string }]>`
      update conversations set xid = pg_current_xact_id() where id = ${id} returning xid::text as held`
    hold(held)
    await mayEnd
  })
  const held = BigInt(await isHeld)
  await anna.say(await anna.talkTo(celina), 'tymczasem')
  const meanwhile = await catchUp.changedSince(begun.cursor, [bartek.id])
  expect(meanwhile.cursor.xmin).toBeLessThanOrEqual(held)
  expect(meanwhile.changed.map(({ conversationId }) => conversationId)).not.toContain(id)
  end()
  await holding
  const after = await catchUp.changedSince(meanwhile.cursor, [bartek.id])
  expect(after.changed.map(({ conversationId }) => conversationId)).toContain(id)
  expect(after.cursor.xmin).toBeGreaterThan(held)
})
