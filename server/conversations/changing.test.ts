import { expect, test } from 'vitest'
import { type Person, startService } from '../testing/service.ts'

const { anna, bartek, celina, dawid, ewa } = await startService()

const group = async (owner: Person, ...members: Person[]): Promise<number> => {
  const made = await owner.post('/api/conversations', {
    name: 'Grupa',
    member_ids: members.map(({ id }) => id),
  })
  return made.body.conversation.id
}
const textsIn = async (person: Person, id: number) =>
  (await person.get(`/api/conversations/${id}/messages`)).body.messages.map((message) => message.content_text)

test('any member can rename a group, and a system line says so', async () => {
  const id = await group(anna, bartek, celina)
  const stream = await celina.listen()
  const answer = await bartek.patch(`/api/conversations/${id}`, { name: ' Nowa <b>nazwa</b> ' })
  expect(answer.body.conversation).toMatchObject({ name: 'Nowa <b>nazwa</b>', title: 'Nowa <b>nazwa</b>' })
  const update = await stream.hear('conversation_updated')
  const line = await stream.hear('new_message')
  expect(update.conversation.title).toBe('Nowa <b>nazwa</b>')
  expect(line.seq).toBe(update.seq + 1)
  expect(line.message).toMatchObject({
    kind: 'system',
    sender_id: bartek.id,
    line: { event: 'renamed', actor: 'Bartek Zieliński', name: 'Nowa <b>nazwa</b>' },
    content: '<p>Bartek Zieliński zmienia nazwę grupy na „Nowa &lt;b&gt;nazwa&lt;/b&gt;”</p>',
  })
  expect((await celina.get(`/api/conversations/${id}`)).body.conversation.unread_count).toBe(0)
  const described = await bartek.patch(`/api/conversations/${id}`, { description: 'Po co tu jesteśmy' })
  expect(described.body.conversation).toMatchObject({
    description: 'Po co tu jesteśmy',
    name: 'Nowa <b>nazwa</b>',
  })
  stream.close()
})

test('members added by the owner see earlier messages and have nothing unread', async () => {
  const id = await group(anna, bartek)
  await anna.say(id, 'historia')
  const stream = await dawid.listen()
  const answer = await anna.post(`/api/conversations/${id}/members`, { user_ids: [dawid.id, celina.id] })
  expect(answer.status).toBe(200)
  expect(answer.body.members).toHaveLength(4)
  const { conversation } = await stream.hear('conversation_updated')
  expect(conversation).toMatchObject({ id, unread_count: 0, role: 'member', member_count: 4 })
  expect(await textsIn(dawid, id)).toEqual([
    'historia',
    'Anna Kowalska dodaje do grupy: Celina Wójcik, Dawid Żółkiewski',
  ])
  const again = await anna.post(`/api/conversations/${id}/members`, { user_ids: [ewa.id, dawid.id] })
  expect([again.status, again.body.code]).toEqual([409, 'conflict'])
  expect((await ewa.get(`/api/conversations/${id}`)).status).toBe(404)
  const nobody = await anna.post(`/api/conversations/${id}/members`, { user_ids: [999_999] })
  expect(nobody.status).toBe(400)
  stream.close()
})

test('system lines are facts, each of its own kind', async () => {
  const id = await group(anna, bartek, celina)
  await anna.post(`/api/conversations/${id}/members`, { user_ids: [dawid.id, ewa.id] })
  await anna.patch(`/api/conversations/${id}`, { description: 'Po co' })
  await anna.delete(`/api/conversations/${id}/members/${celina.id}`)
  await anna.delete(`/api/conversations/${id}/members/${anna.id}`)
  const { messages } = (await bartek.get(`/api/conversations/${id}/messages`)).body
  expect(messages.map(({ line }) => line)).toEqual([
    { event: 'added', actor: 'Anna Kowalska', members: ['Dawid Żółkiewski', 'Ewa Szczepańska'] },
    { event: 'described', actor: 'Anna Kowalska' },
    { event: 'removed', actor: 'Anna Kowalska', member: 'Celina Wójcik' },
    { event: 'left', member: 'Anna Kowalska' },
    { event: 'took_over', member: 'Bartek Zieliński' },
  ])
})

test('a removed member loses access at once, and their open stream stays silent', async () => {
  const id = await group(anna, bartek, celina)
  const stream = await bartek.listen()
  let flooding = true
  const flood = (async () => {
    for (let i = 0; flooding; i++) await celina.say(id, `powódź ${i}`)
  })()
  await stream.hear('new_message')
  expect((await anna.delete(`/api/conversations/${id}/members/${bartek.id}`)).status).toBe(204)
  await stream.hear('conversation_removed')
  const heard = stream.events.length
  await anna.say(id, 'już bez Bartka')
  await anna.say(await anna.talkTo(bartek), 'to jeszcze słychać')
  await stream.hear('new_message', ({ message }) => message.content_text === 'to jeszcze słychać')
  flooding = false
  await flood
  const later = stream.events.slice(heard).filter(({ data }) => data.conversation_id === id)
  expect(later).toEqual([])
  expect((await bartek.get(`/api/conversations/${id}`)).status).toBe(404)
  expect((await bartek.get(`/api/conversations/${id}/messages`)).status).toBe(404)
  stream.close()
})

test('a removed member learns nothing by repeating what they once sent', async () => {
  const id = await group(anna, bartek)
  const question = await anna.say(id, 'pytanie')
  const client_id = crypto.randomUUID()
  await bartek.say(id, 'odpowiedź', { client_id, reply_to_id: question.id })
  await anna.delete(`/api/conversations/${id}/members/${bartek.id}`)
  await anna.patch(`/api/messages/${question.id}`, { content: 'tajne' })
  const elsewhere = await bartek.talkTo(celina)
  const answer = await bartek.post(`/api/conversations/${elsewhere}/messages`, { content: 'x', client_id })
  expect([answer.status, JSON.stringify(answer.body).includes('tajne')]).toEqual([404, false])
})

test('a member who is added again receives events again', async () => {
  const id = await group(anna, bartek, celina)
  const stream = await bartek.listen()
  await anna.delete(`/api/conversations/${id}/members/${bartek.id}`)
  await stream.hear('conversation_removed', ({ conversation_id }) => conversation_id === id)
  await anna.post(`/api/conversations/${id}/members`, { user_ids: [bartek.id] })
  await stream.hear('conversation_updated', ({ conversation_id }) => conversation_id === id)
  const message = await celina.say(id, 'witaj z powrotem')
  await stream.hear('new_message', ({ message: heard }) => heard.id === message.id)
  stream.close()
})

test('an owner who leaves hands over to the longest-standing member; after the last one leaves, the group is gone', async () => {
  const id = await group(anna, bartek, celina)
  await anna.post(`/api/conversations/${id}/members`, { user_ids: [dawid.id] })
  expect((await anna.delete(`/api/conversations/${id}/members/${anna.id}`)).status).toBe(204)
  const seen = (await bartek.get(`/api/conversations/${id}`)).body.conversation
  expect(seen).toMatchObject({ owner_id: bartek.id, role: 'owner', member_count: 3 })
  expect((await textsIn(bartek, id)).slice(-2)).toEqual([
    'Anna Kowalska opuszcza grupę',
    'Grupę przejmuje Bartek Zieliński',
  ])
  for (const member of [celina, dawid, bartek])
    expect((await member.delete(`/api/conversations/${id}/members/${member.id}`)).status).toBe(204)
  expect((await bartek.get(`/api/conversations/${id}`)).status).toBe(404)
})

test('a deleted group is gone for all members at once, but kept', async () => {
  const id = await group(anna, bartek, celina)
  await anna.say(id, 'do zachowania')
  const stream = await celina.listen()
  expect((await anna.delete(`/api/conversations/${id}`)).status).toBe(204)
  expect(await stream.hear('conversation_removed')).toEqual({ conversation_id: id })
  for (const member of [anna, bartek, celina]) {
    expect((await member.get(`/api/conversations/${id}`)).status).toBe(404)
    const { conversations } = (await member.get('/api/conversations?limit=100')).body
    expect(conversations.map((each) => each.id)).not.toContain(id)
  }
  const { sql } = await import('../db/client.ts')
  const [kept] = await sql`select count(*) from messages where conversation_id = ${id}`
  expect(kept!.count).toBe(1)
  stream.close()
})

test('muting and archiving are personal, and published to the user’s other devices', async () => {
  const id = await anna.talkTo(bartek)
  const [phone, other] = [await anna.listen(), await bartek.listen()]
  const answer = await anna.patch(`/api/conversations/${id}/settings`, { is_archived: true })
  expect(answer.body.conversation).toMatchObject({ is_archived: true, is_muted: false })
  expect((await phone.hear('conversation_updated')).conversation.is_archived).toBe(true)
  expect((await bartek.get(`/api/conversations/${id}`)).body.conversation.is_archived).toBe(false)
  const listed = async (filter: string) =>
    (await anna.get(`/api/conversations?filter=${filter}`)).body.conversations.map((each) => each.id)
  expect(await listed('archived')).toContain(id)
  expect(await listed('all')).not.toContain(id)

  await bartek.say(id, 'wracam na listę')
  expect(await listed('all')).toContain(id)
  await anna.patch(`/api/conversations/${id}/settings`, { is_archived: true, is_muted: true })
  await bartek.say(id, 'wyciszona zostaje')
  expect(await listed('all')).not.toContain(id)
  expect(other.events.filter(({ event }) => event === 'conversation_updated')).toEqual([])
  for (const stream of [phone, other]) stream.close()
})
