import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { type Answer, type Person, startService } from '../testing/service.ts'

const { live, anna, bartek, celina } = await startService()
const { publishThrough } = await import('../live/publish.ts')
const { sql } = await import('../db/client.ts')

interface Place {
  group: number
  message: number
}

/** Every change of what is stored, and who its event has to reach. */
const changes: [what: string, change: (place: Place) => Promise<Answer>, expected: string[]][] = [
  [
    'sends',
    ({ group }) => anna.post(`/api/conversations/${group}/messages`, { content: 'nowa' }),
    ['new_message Anna Bartek'],
  ],
  [
    'edits',
    ({ message }) => anna.patch(`/api/messages/${message}`, { content: 'inna' }),
    ['message_edited Anna Bartek'],
  ],
  ['deletes', ({ message }) => anna.delete(`/api/messages/${message}`), ['message_deleted Anna Bartek']],
  [
    'reacts',
    ({ message }) => bartek.post(`/api/messages/${message}/reactions`, { emoji: '👍' }),
    ['reaction Anna Bartek'],
  ],
  ['pins', ({ message }) => bartek.post(`/api/messages/${message}/pin`), ['message_pinned Anna Bartek']],
  [
    'forwards',
    ({ group, message }) => anna.post(`/api/messages/${message}/forward`, { conversation_ids: [group] }),
    ['new_message Anna Bartek'],
  ],
  [
    'renames a group',
    ({ group }) => bartek.patch(`/api/conversations/${group}`, { name: 'Inna' }),
    ['conversation_updated Anna', 'conversation_updated Bartek', 'new_message Anna Bartek'],
  ],
  [
    'adds someone',
    ({ group }) => anna.post(`/api/conversations/${group}/members`, { user_ids: [celina.id] }),
    [
      'conversation_updated Anna',
      'conversation_updated Bartek',
      'conversation_updated Celina',
      'new_message Anna Bartek Celina',
    ],
  ],
  [
    'removes someone',
    ({ group }) => anna.delete(`/api/conversations/${group}/members/${bartek.id}`),
    ['conversation_removed Bartek', 'conversation_updated Anna', 'new_message Anna'],
  ],
  [
    'leaves as its owner',
    ({ group }) => anna.delete(`/api/conversations/${group}/members/${anna.id}`),
    ['conversation_removed Anna', 'conversation_updated Bartek', 'new_message Bartek', 'new_message Bartek'],
  ],
  [
    'deletes a group',
    ({ group }) => anna.delete(`/api/conversations/${group}`),
    ['conversation_removed Anna Bartek'],
  ],
  [
    'makes a group',
    () => anna.post('/api/conversations', { name: 'Druga', member_ids: [bartek.id] }),
    ['conversation_updated Anna', 'conversation_updated Bartek'],
  ],
  [
    'mutes for themselves',
    ({ group }) => anna.patch(`/api/conversations/${group}/settings`, { is_muted: true }),
    ['conversation_updated Anna'],
  ],
  ['reads', ({ group }) => bartek.post(`/api/conversations/${group}/read`), ['message_read Anna Bartek']],
]

test.each(changes)('when someone %s, it is published before the answer', async (_, change, expected) => {
  const { body } = await anna.post('/api/conversations', { name: 'Grupa', member_ids: [bartek.id] })
  const group = body.conversation.id
  const message = (await anna.say(group, 'pierwsza')).id
  const published: string[] = []
  const undo = publishThrough({
    publish(publication) {
      const names = { [anna.id]: 'Anna', [bartek.id]: 'Bartek', [celina.id]: 'Celina' }
      for (const { userIds, frame } of publication.parts) {
        const event = /^event: (.*)$/m.exec(`${frame}`)?.[1]
        if (event !== 'presence') published.push([event, ...userIds.map((id) => names[id]).sort()].join(' '))
      }
      live.publish(publication)
    },
  })
  try {
    expect((await change({ group, message })).status).toBeLessThan(300)
    const atOnce = published.length
    await sleep(100)
    expect(published.length).toBe(atOnce)
    expect(published).toEqual(expected)
  } finally {
    undo()
  }
})

test('the effects of a change are published in the order of their seq', async () => {
  const { body } = await anna.post('/api/conversations', { name: 'Kolejność', member_ids: [bartek.id] })
  const { id } = body.conversation
  const published: number[] = []
  const undo = publishThrough({
    publish(publication) {
      const { header } = publication
      if (header.kind === 'change') published.push(header.seq)
      live.publish(publication)
    },
  })
  await anna.patch(`/api/conversations/${id}`, { name: 'Inna kolejność' })
  await anna.post(`/api/conversations/${id}/members`, { user_ids: [celina.id] })
  undo()
  expect(published).toEqual(published.toSorted((a, b) => a - b))
  expect(published.length).toBeGreaterThan(3)
})

test('a change that fails publishes nothing', async () => {
  const { body } = await anna.post('/api/conversations', { name: 'Bez zmian', member_ids: [bartek.id] })
  const { id } = body.conversation
  await sql`create function fail() returns trigger language plpgsql as $$ begin raise 'no'; end $$`
  await sql`create constraint trigger fail after insert or update on conversations initially deferred
    for each row execute function fail()`
  const stream = await bartek.listen()
  try {
    for (const answer of [
      await anna.patch(`/api/conversations/${id}`, { name: 'Inna' }),
      await anna.delete(`/api/conversations/${id}/members/${bartek.id}`),
      await anna.delete(`/api/conversations/${id}`),
    ])
      expect(answer.status).toBe(500)
  } finally {
    await sql`drop trigger fail on conversations`
  }
  const message = await anna.say(id, 'nic się nie stało')
  const published = await stream.hear('new_message')
  expect(published.message.id).toBe(message.id)
  expect(stream.events.filter(({ data }) => data.conversation_id === id)).toEqual([])
  stream.close()
})

test('only members can be removed, and only users with an account added', async () => {
  const { body } = await anna.post('/api/conversations', { name: 'Zwykła', member_ids: [bartek.id] })
  const { id, seq } = body.conversation
  expect((await anna.delete(`/api/conversations/${id}/members/${celina.id}`)).status).toBe(404)
  const ghost = await anna.post(`/api/conversations/${id}/members`, { user_ids: [celina.id, 999_999] })
  expect([ghost.status, ghost.body.errors]).toEqual([400, [{ path: 'user_ids', message: 'unknown user' }]])
  const after = (await anna.get(`/api/conversations/${id}`)).body.conversation
  expect([after.seq, after.member_count]).toEqual([seq, 2])
})

test('a request that changes nothing takes no seq and publishes nothing', async () => {
  const { body } = await anna.post('/api/conversations', { name: 'Ta sama', member_ids: [bartek.id] })
  const { id } = body.conversation
  await anna.patch(`/api/conversations/${id}`, { description: 'opis' })
  const { seq } = (await anna.get(`/api/conversations/${id}`)).body.conversation
  for (const same of [
    {},
    { name: 'Ta sama' },
    { description: 'opis' },
    { name: 'Ta sama', description: 'opis' },
  ])
    expect((await anna.patch(`/api/conversations/${id}`, same)).body.conversation.seq).toBe(seq)
  const cleared = await anna.patch(`/api/conversations/${id}`, { description: null })
  expect(cleared.body.conversation).toMatchObject({ description: null, name: 'Ta sama', seq: seq + 2 })
})

const unreadOf = async (person: Person, id: number) => {
  const { conversations, unread_total } = (await person.get('/api/conversations')).body
  const listed = conversations.find((each) => each.id === id)
  const { conversation } = (await person.get(`/api/conversations/${id}`)).body
  expect(listed!.unread_count).toBe(conversation.unread_count)
  const filtered = (await person.get('/api/conversations?filter=unread')).body.conversations
  expect(filtered.some((each) => each.id === id)).toBe(listed!.unread_count > 0)
  return [listed!.unread_count, unread_total, listed!.first_unread_id]
}

test('a deleted message is not counted as unread anywhere', async () => {
  const id = await celina.talkTo(bartek)
  const [, before] = await unreadOf(bartek, id)
  const [first, second] = [await celina.say(id, 'raz'), await celina.say(id, 'dwa')]
  expect(await unreadOf(bartek, id)).toEqual([2, before! + 2, first.id])
  await celina.delete(`/api/messages/${first.id}`)
  expect(await unreadOf(bartek, id)).toEqual([1, before! + 1, second.id])
  await celina.delete(`/api/messages/${second.id}`)
  expect(await unreadOf(bartek, id)).toEqual([0, before, null])
})
