import { expect, test } from 'vitest'
import { limits } from '../contract/limits.ts'
import { type Person, startService } from '../testing/service.ts'

const { anna, bartek, celina, dawid, ewa } = await startService()
const { sql } = await import('../db/client.ts')

const group = async (owner: Person, ...others: Person[]): Promise<number> =>
  (await owner.post('/api/conversations', { name: 'Zarząd', member_ids: others.map(({ id }) => id) })).body
    .conversation.id
const set = (who: Person, id: number, wanted: object) =>
  who.patch(`/api/conversations/${id}/settings`, wanted)
const see = async (who: Person, id: number) => (await who.get(`/api/conversations/${id}`)).body.conversation
const list = async (who: Person, query = '') => (await who.get(`/api/conversations${query}`)).body
const inAnHour = () => new Date(Date.now() + 3_600_000).toISOString()
/** As if the time had come. */
const endMutes = () =>
  sql`update conversation_members set muted_until = now() - interval '1 second' where muted_until is not null`

test('what is pinned says so, to one’s other devices too, and to nobody else', async () => {
  const id = await group(anna, bartek)
  const stream = await anna.listen()
  expect((await set(anna, id, { is_pinned: true })).body.conversation.is_pinned).toBe(true)
  expect((await stream.hear('conversation_updated')).conversation.is_pinned).toBe(true)
  expect((await see(bartek, id)).is_pinned).toBe(false)
  expect((await set(anna, id, { is_pinned: false })).body.conversation.is_pinned).toBe(false)
})

test('a list stays in its order, and brings what is pinned further down with its first page', async () => {
  const ids: number[] = []
  for (let n = 0; n < 5; n++) ids.push(await group(celina, ewa))
  const [first, , , , last] = ids.toReversed()
  await set(celina, last!, { is_pinned: true })
  await set(celina, first!, { is_pinned: true })
  const page = await list(celina, '?limit=2')
  expect(page.conversations.map(({ id }) => id)).toEqual(ids.toReversed().slice(0, 2))
  expect(page.pinned!.map(({ id }) => id)).toEqual([last])
  const next = await list(celina, `?limit=3&cursor=${page.next_cursor}`)
  expect(next.conversations.map(({ id }) => id)).toEqual(ids.toReversed().slice(2))
  expect(next).not.toHaveProperty('pinned')
  expect((await list(celina, '?limit=5')).pinned).toEqual([])
  expect((await list(celina, '?limit=2&filter=unread')).pinned).toEqual([])
  await ewa.say(last!, 'nowość')
  await ewa.say(ids[3]!, 'nowość')
  const unread = await list(celina, '?limit=1&filter=unread')
  expect(unread.pinned!.map(({ id }) => id)).toEqual([last])
})

test('no more than nine are pinned, however many are asked for at once', async () => {
  const ids: number[] = []
  for (let n = 0; n <= limits.pinnedConversations + 2; n++) ids.push(await group(dawid, ewa))
  const answers = await Promise.all(ids.map((id) => set(dawid, id, { is_pinned: true })))
  const statuses = Object.groupBy(answers, ({ status }) => status)
  expect([statuses[200]?.length, statuses[409]?.length]).toEqual([limits.pinnedConversations, 3])
  expect(statuses[409]![0]!.body).toMatchObject({ code: 'conflict', detail: expect.stringContaining('9') })
  const pinned = (await list(dawid)).conversations.filter((each) => each.is_pinned)
  expect(pinned).toHaveLength(limits.pinnedConversations)
  // One that is pinned may be pinned again, and makes room for another.
  expect((await set(dawid, pinned[0]!.id, { is_pinned: true })).status).toBe(200)
  await set(dawid, pinned[0]!.id, { is_pinned: false })
  const refused = ids.find((_, i) => answers[i]!.status === 409)!
  expect((await set(dawid, refused, { is_pinned: true })).status).toBe(200)
})

test('what is archived is pinned no more, and what is pinned leaves the archive', async () => {
  const id = await group(bartek, ewa)
  const states = []
  for (const wanted of [{ is_pinned: true }, { is_archived: true }, { is_pinned: true }]) {
    const { is_pinned, is_archived } = (await set(bartek, id, wanted)).body.conversation
    states.push([is_pinned, is_archived])
  }
  expect(states).toEqual([
    [true, false],
    [false, true],
    [true, false],
  ])
})

test.each([
  ['a time that has passed', { muted_until: '2020-01-01T00:00:00Z' }],
  ['no time', { muted_until: 'jutro' }],
  ['a time for what is not muted', { is_muted: false, muted_until: '2999-01-01T00:00:00Z' }],
  ['a time for notifying of everything', { notify: 'all', muted_until: '2999-01-01T00:00:00Z' }],
  ['a place in list and archive', { is_pinned: true, is_archived: true }],
])('%s is refused', async (_, wanted) => {
  const id = await group(anna, bartek)
  expect(await set(anna, id, wanted)).toMatchObject({ status: 400, body: { code: 'validation_failed' } })
})

test.each([
  ['muted_until', (until: string) => ({ muted_until: until })],
  ['is_muted and muted_until', (until: string) => ({ is_muted: true, muted_until: until })],
  ['notify and muted_until', (until: string) => ({ notify: 'none', muted_until: until })],
])('by %s it is muted for a time, and no longer', async (_, wanted) => {
  const id = await group(anna, bartek)
  const until = inAnHour()
  const { conversation } = (await set(anna, id, wanted(until))).body
  expect(conversation).toMatchObject({ is_muted: true, muted_until: until })
  await endMutes()
  expect(await see(anna, id)).toMatchObject({ is_muted: false, muted_until: null, notify: 'all' })
  // What was chosen then does not count for the next time.
  expect((await set(anna, id, { is_muted: true })).body.conversation.notify).toBe('mentions')
})

test.each([
  ['muting it for good', { is_muted: true }, { is_muted: true, muted_until: null }],
  ['letting it last', { muted_until: null }, { is_muted: true, muted_until: null }],
  ['unmuting it', { is_muted: false }, { is_muted: false, muted_until: null }],
  ['pinning it', { is_pinned: true }, { is_muted: true, muted_until: expect.any(String) }],
])('of a mute for a time, %s makes %o', async (_, wanted, made) => {
  const id = await group(ewa, bartek)
  await set(ewa, id, { muted_until: inAnHour() })
  expect((await set(ewa, id, wanted)).body.conversation).toMatchObject(made)
  await set(ewa, id, { is_pinned: false })
})

test('without a mute, its end changes nothing', async () => {
  const id = await group(anna, bartek)
  expect((await set(anna, id, { muted_until: null })).body.conversation.is_muted).toBe(false)
})

test('messages count again once the mute has ended', async () => {
  const id = await group(anna, bartek)
  await set(bartek, id, { muted_until: inAnHour() })
  await anna.say(id, 'w ciszy')
  const before = (await list(bartek)).unread_total
  await endMutes()
  expect((await list(bartek)).unread_total).toBe(before + 1)
})

test('a new message takes a conversation out of the archive once its mute has ended', async () => {
  const id = await group(anna, bartek)
  await set(bartek, id, { muted_until: inAnHour(), is_archived: true })
  await anna.say(id, 'w ciszy')
  expect((await see(bartek, id)).is_archived).toBe(true)
  await endMutes()
  await anna.say(id, 'już nie')
  expect((await see(bartek, id)).is_archived).toBe(false)
})
