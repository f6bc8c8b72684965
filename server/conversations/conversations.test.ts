import { expect, test } from 'vitest'
import type { ConversationPage } from '../contract/conversations.ts'
import { startService } from '../testing/service.ts'

const { anna, bartek, celina, dawid, ewa } = await startService()

test('two people share one conversation, whoever opens it', async () => {
  const first = await anna.post('/api/conversations', { user_id: bartek.id })
  expect(first.status).toBe(201)
  expect(first.body.conversation).toMatchObject({
    is_group: false,
    title: 'Bartek Zieliński',
    member_count: 2,
    unread_count: 0,
    last_message: null,
  })
  const second = await bartek.post('/api/conversations', { user_id: anna.id })
  expect(second.status).toBe(200)
  expect(second.body.conversation).toMatchObject({ id: first.body.conversation.id, title: 'Anna Kowalska' })
})

test('two people who open it fifty times at once share one conversation', async () => {
  const answers = await Promise.all(
    Array.from({ length: 50 }, (_, i) =>
      i % 2
        ? celina.post('/api/conversations', { user_id: dawid.id })
        : dawid.post('/api/conversations', { user_id: celina.id }),
    ),
  )
  expect(new Set(answers.map((answer) => answer.body.conversation.id)).size).toBe(1)
  expect(answers.filter((answer) => answer.status === 201)).toHaveLength(1)
  expect(answers.filter((answer) => answer.status === 200)).toHaveLength(49)
})

test('a conversation with oneself holds notes', async () => {
  const notes = await ewa.post('/api/conversations', { user_id: ewa.id })
  expect(notes.status).toBe(201)
  expect(notes.body.conversation).toMatchObject({ title: 'Ewa Szczepańska', member_count: 1 })
  expect((await ewa.post('/api/conversations', { user_id: ewa.id })).status).toBe(200)
  await ewa.say(notes.body.conversation.id, 'kupić mleko')
  expect(
    (await ewa.get(`/api/conversations/${notes.body.conversation.id}`)).body.conversation.unread_count,
  ).toBe(0)
})

test('a group belongs to its creator', async () => {
  const made = await anna.post('/api/conversations', {
    name: '  Zarząd  ',
    description: 'Sprawy bieżące',
    member_ids: [bartek.id, celina.id, bartek.id],
  })
  expect(made.status).toBe(201)
  const { conversation } = made.body
  expect(conversation).toMatchObject({
    name: 'Zarząd',
    title: 'Zarząd',
    role: 'owner',
    owner_id: anna.id,
    member_count: 3,
  })
  expect(conversation.members!.map((member) => member.username)).toEqual(['anna', 'bartek', 'celina'])
  const seen = await bartek.get(`/api/conversations/${conversation.id}`)
  expect(seen.body.conversation.role).toBe('member')
})

test('a new group is published to its members, each as they see it', async () => {
  const stream = await bartek.listen()
  const made = await anna.post('/api/conversations', { name: 'Piknik', member_ids: [bartek.id] })
  const { conversation } = await stream.hear('conversation_updated')
  expect(conversation).toMatchObject({ id: made.body.conversation.id, title: 'Piknik', role: 'member' })
  stream.close()
})

test('a conversation with a user who does not exist is refused', async () => {
  expect((await anna.post('/api/conversations', { user_id: 999_999 })).status).toBe(404)
  const group = await anna.post('/api/conversations', { name: 'Duchy', member_ids: [999_999] })
  expect([group.status, group.body.code]).toEqual([400, 'validation_failed'])
  const { body } = await anna.get('/api/conversations?limit=100')
  expect(body.conversations.map((conversation) => conversation.title)).not.toContain('Duchy')
})

test('to a stranger a conversation does not exist', async () => {
  const id = await anna.talkTo(bartek)
  const missing = await ewa.get('/api/conversations/999999')
  for (const path of [`/api/conversations/${id}`, `/api/conversations/${id}/messages`]) {
    const answer = await ewa.get(path)
    expect([answer.status, answer.body]).toEqual([404, missing.body])
  }
  expect((await ewa.post(`/api/conversations/${id}/messages`, { content: 'halo' })).status).toBe(404)
  expect((await ewa.post(`/api/conversations/${id}/read`)).status).toBe(404)
})

test('the list has the most recently changed first, in pages without gaps or repeats', async () => {
  const ids: number[] = []
  for (let i = 0; i < 7; i++) {
    const made = await dawid.post('/api/conversations', { name: `Grupa ${i}`, member_ids: [ewa.id] })
    ids.unshift(made.body.conversation.id)
  }
  await dawid.say(ids[6]!, 'na górę')
  ids.unshift(ids.pop()!)

  const listed: number[] = []
  let path = '/api/conversations?limit=3'
  for (;;) {
    const { body }: { body: ConversationPage } = await ewa.get(path)
    listed.push(...body.conversations.map((conversation) => conversation.id))
    expect(body.has_more).toBe(body.next_cursor !== null)
    if (!body.has_more) break
    path = `/api/conversations?limit=3&cursor=${body.next_cursor}`
  }
  expect(listed.slice(0, 7)).toEqual(ids)
  expect(new Set(listed).size).toBe(listed.length)
})

test('the list can be filtered by unread conversations and by groups', async () => {
  const id = await ewa.talkTo(bartek)
  await ewa.say(id, 'nieprzeczytane')
  const unread = (await bartek.get('/api/conversations?filter=unread')).body.conversations
  expect(unread).toMatchObject([{ id, unread_count: 1, last_message: { content_text: 'nieprzeczytane' } }])
  const groups = (await bartek.get('/api/conversations?filter=groups')).body.conversations
  expect(groups.length).toBeGreaterThan(0)
  expect(groups.every((conversation) => conversation.is_group)).toBe(true)
  expect((await bartek.get('/api/conversations?filter=archived')).body.conversations).toEqual([])
})
