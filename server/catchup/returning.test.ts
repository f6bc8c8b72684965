import { expect, test } from 'vitest'
import { Listener } from '../testing/listener.ts'
import { type Person, startService } from '../testing/service.ts'

const { address, live, anna, bartek, celina } = await startService()
const { publishThrough } = await import('../live/publish.ts')
const { sql } = await import('../db/client.ts')
const { flushDeliveries } = await import('../messages/delivered.ts')

/** The cursor of a reader who has seen everything up to now. */
async function standing(person: Person): Promise<string> {
  // What waited for them is stored as delivered a second after they connect; here that happens before they leave.
  const arriving = await person.listen()
  arriving.close()
  await flushDeliveries()
  for (let polls = 0; polls < 3; polls++) await live.poll()
  const stream = await person.listen()
  stream.close()
  return stream.raw.match(/^id: (.*)$/m)![1]!
}

/** The stream of a reader who reconnects with a cursor, after all that was missed has been replayed. */
async function comeBack(person: Person, cursor: string): Promise<Listener> {
  const stream = await Listener.open(`${address}/api/messages/stream`, person.cookie, {
    'last-event-id': cursor,
  })
  const notes = await person.talkTo(person)
  await person.say(notes, 'tu jestem')
  await stream.hear('new_message', ({ message }) => message.conversation_id === notes)
  stream.close()
  return stream
}

/** The names of a conversation's events. */
const namesOf = (stream: Listener, id: number) =>
  stream.events
    .filter(({ data }) => id === (data.conversation_id ?? data.conversation?.id))
    .map(({ event }) => event)

async function groupOf(...members: Person[]): Promise<number> {
  const member_ids = members.map(({ id }) => id)
  return (await anna.post('/api/conversations', { name: 'Grupa', member_ids })).body.conversation.id
}

const remove = (id: number, person: Person) => anna.delete(`/api/conversations/${id}/members/${person.id}`)
const add = (id: number, person: Person) =>
  anna.post(`/api/conversations/${id}/members`, { user_ids: [person.id] })

/** What happens to Bartek’s conversation while they are away, and the events they get. */
const absences: [
  what: string,
  happen: (id: number, messageId: number) => Promise<unknown>,
  expected: string[],
][] = [
  ['nothing happened', async () => {}, []],
  [
    'a message was edited',
    (_, message) => anna.patch(`/api/messages/${message}`, { content: 'nowe' }),
    ['message_updated', 'conversation_updated'],
  ],
  [
    'a message was deleted',
    (_, message) => anna.delete(`/api/messages/${message}`),
    ['message_updated', 'conversation_updated'],
  ],
  [
    'someone reacted',
    (_, message) => celina.post(`/api/messages/${message}/reactions`, { emoji: '👍' }),
    ['message_updated', 'conversation_updated'],
  ],
  [
    'a message was pinned',
    (_, message) => anna.post(`/api/messages/${message}/pin`),
    ['message_updated', 'conversation_updated'],
  ],
  ['they were removed', (id) => remove(id, bartek), ['conversation_removed']],
  [
    'they were removed and added again',
    async (id) => {
      await remove(id, bartek)
      await add(id, bartek)
    },
    ['new_message', 'new_message', 'conversation_updated'],
  ],
  [
    'they were removed twice',
    async (id) => {
      await remove(id, bartek)
      await add(id, bartek)
      await remove(id, bartek)
    },
    ['conversation_removed'],
  ],
  ['the group was deleted', (id) => anna.delete(`/api/conversations/${id}`), ['conversation_removed']],
  [
    'the group was renamed',
    (id) => anna.patch(`/api/conversations/${id}`, { name: 'Nowa nazwa' }),
    ['new_message', 'conversation_updated'],
  ],
  [
    'they muted it on another device',
    (id) => bartek.patch(`/api/conversations/${id}/settings`, { is_muted: true }),
    // What they had read is in the same row, and replayed once more.
    ['conversation_updated', 'message_read'],
  ],
  ['someone read it', (id) => celina.post(`/api/conversations/${id}/read`), ['message_read']],
]

test.each(absences)('when %s, a reader who reconnects sees that', async (_, happen, expected) => {
  const id = await groupOf(bartek, celina)
  const message = await anna.say(id, 'sprzed przerwy')
  await bartek.post(`/api/conversations/${id}/read`)
  const cursor = await standing(bartek)
  await happen(id, message.id)
  expect(namesOf(await comeBack(bartek, cursor), id)).toEqual(expected)
})

test('a member who is removed twice sees it each time, even when the bus brings nothing', async () => {
  const id = await groupOf(bartek)
  const stream = await bartek.listen()
  for (let times = 0; times < 2; times++) {
    const undo = publishThrough({ publish() {} })
    await remove(id, bartek)
    undo()
    await live.poll()
    expect(await stream.hear('conversation_removed')).toEqual({ conversation_id: id })
    await add(id, bartek)
    await stream.hear('conversation_updated', ({ conversation }) => conversation.id === id)
    for (let polls = 0; polls < 3; polls++) await live.poll()
  }
  const message = await anna.say(id, 'znowu razem')
  await stream.hear('new_message', (data) => data.message.id === message.id)
  expect(stream.events.filter(({ event }) => event === 'conversation_removed')).toEqual([])
  stream.close()
})

const isResync = async (cursor: string) => (await comeBack(bartek, cursor)).raw.includes('event: resync')

/** What is replayed up to a limit; and how to add one more. */
const bounds: [what: string, most: number, more: (group: number, count: number) => Promise<unknown>][] = [
  [
    'messages',
    500,
    async (group, count) => {
      for (let i = 0; i < count; i++)
        await sql`select from send_message(${group}, ${anna.id}, '<p>x</p>', 'x')`
    },
  ],
  [
    'conversations',
    200,
    (_, count) => sql`
      with made as (
        insert into conversations (is_group, name, owner_id)
        select true, 'g', ${anna.id} from generate_series(1, ${count}) returning id)
      insert into conversation_members (conversation_id, user_id) select id, ${bartek.id} from made`,
  ],
  [
    'receipts',
    1000,
    (_, count) => sql`
      with made as (
        insert into conversations (is_group, name, owner_id, xid) select true, 'g', ${anna.id}, '0' from generate_series(1, ${count})
        returning id),
      them as (
        insert into conversation_members (conversation_id, user_id, last_read_message_id, last_read_at, xid)
        select id, ${celina.id}, 1, now(), pg_current_xact_id() from made)
      insert into conversation_members (conversation_id, user_id, xid) select id, ${bartek.id}, '0' from made`,
  ],
]

test.each(bounds)(
  '%s are replayed up to %i; more of them is resync',
  { timeout: 60_000 },
  async (_, most, more) => {
    const group = await groupOf(bartek)
    for (const beyond of [0, 1]) {
      const cursor = await standing(bartek)
      await more(group, most + beyond)
      expect(await isResync(cursor)).toBe(beyond > 0)
    }
  },
)

test('too much to write at once means resync, however few the messages', async () => {
  const group = await groupOf(bartek)
  const cursor = await standing(bartek)
  const long = `<p>${'długo '.repeat(3000)}</p>`
  for (let i = 0; i < 5; i++) await anna.say(group, long)
  expect(await isResync(cursor)).toBe(false)
  for (let i = 0; i < 10; i++) await anna.say(group, long)
  expect(await isResync(cursor)).toBe(true)
})
