import { expect, test } from 'vitest'
import type { Envelope } from '../live/envelope.ts'
import { type Person, startService } from '../testing/service.ts'

// Nobody opens a stream here: nothing is stored as delivered meanwhile, which would be replayed as well.
const { anna, bartek, celina } = await startService()
const { sql } = await import('../db/client.ts')
const { catchUp } = await import('./catch-up.ts')

async function groupOf(...members: Person[]): Promise<number> {
  const member_ids = members.map(({ id }) => id)
  return (await anna.post('/api/conversations', { name: 'Grupa', member_ids })).body.conversation.id
}

const remove = (id: number, person: Person) => anna.delete(`/api/conversations/${id}/members/${person.id}`)

const namesOf = ({ envelopes }: { envelopes: Envelope[] }) =>
  envelopes.map(({ frame }) => `${frame}`.match(/^event: (.*)$/m)![1])

test.each([
  ['messages are too many', 501, 'x'],
  ['messages are too large together', 10, 'długo '.repeat(12_000)],
])('what the bus did not bring is resync when its %s', async (_, count, text) => {
  const group = await groupOf(bartek)
  const store = async (times: number) => {
    for (let i = 0; i < times; i++)
      await sql`select from send_message(${group}, ${anna.id}, ${`<p>${text}</p>`}, ${text})`
  }
  const names = async () => namesOf((await catchUp.changesAfter(group, 1))!)
  await store(2)
  expect(await names()).toEqual(['new_message'])
  await store(count - 1)
  expect(await names()).toEqual(['resync'])
})

test('who was removed is shown nothing of the conversation, also nothing that comes during the replay', async () => {
  const group = await groupOf(bartek, celina)
  const { cursor } = await catchUp.changedSince(undefined, [])
  await anna.say(group, 'jeszcze dla wszystkich')
  await celina.post(`/api/conversations/${group}/read`)
  await remove(group, bartek)
  const { seq } = (await anna.get(`/api/conversations/${group}`)).body.conversation
  const missed = (await catchUp.missedSince(bartek.id, cursor, cursor))!
  expect(namesOf(missed)).toEqual(['conversation_removed'])
  // Up to there, what was queued meanwhile is not written any more.
  expect(missed.positions.get(group)).toBe(seq)
})

test('what the bus did not bring is for the members, and of a deleted conversation there is nothing', async () => {
  const id = await groupOf(bartek)
  await anna.say(id, 'tajne')
  const found = (await catchUp.changesAfter(id, 0))!
  expect(found).toMatchObject({ seq: 1, isChanged: true })
  expect(found.memberIds.toSorted()).toEqual([anna.id, bartek.id].toSorted())
  expect(found.envelopes.map(({ frame }) => `${frame}`)).toEqual([expect.stringContaining('tajne')])
  expect(await catchUp.changesAfter(999_999, 0)).toBeUndefined()
  await anna.delete(`/api/conversations/${id}`)
  expect(await catchUp.changesAfter(id, 0)).toBeUndefined()
})

test('readers who come back together are each shown what they would be alone', async () => {
  const [group, other] = [await groupOf(bartek, celina), await anna.talkTo(celina)]
  const now = async () => (await catchUp.changedSince(undefined, [])).cursor
  const cursors = [await now()]
  const happen = [
    () => anna.say(group, 'jedno'),
    () => celina.post(`/api/conversations/${group}/read`),
    () => celina.say(other, 'drugie'),
    () => remove(group, bartek),
  ]
  for (const each of happen) {
    await each()
    cursors.push(await now())
  }
  const current = cursors.at(-1)!
  const asked = cursors.flatMap((cursor) => [anna, bartek, celina].map(({ id }) => ({ id, cursor })))
  const ask = ({ id, cursor }: (typeof asked)[number]) => catchUp.missedSince(id, cursor, current)
  const alone = []
  for (const each of asked) alone.push(await ask(each))
  expect(await Promise.all(asked.map(ask))).toEqual(alone)
  const counts = alone.map((missed) => missed!.envelopes.length)
  expect(counts.slice(0, 3)).toEqual([6, 1, 6])
  expect(counts.slice(-3)).toEqual([0, 0, 0])
})
