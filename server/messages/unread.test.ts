import { expect, test } from 'vitest'
import { type Person, startService } from '../testing/service.ts'

const { anna, bartek, celina } = await startService()

const see = async (who: Person, id: number) => (await who.get(`/api/conversations/${id}`)).body.conversation
const unread = async (who: Person, id: number) => {
  const { unread_count, first_unread_id } = await see(who, id)
  return [unread_count, first_unread_id]
}
const mark = (who: Person, id: number, message_id?: number) =>
  who.post(`/api/conversations/${id}/unread`, { message_id })

/** Anna has written this in a new group, and Bartek has read it. */
async function readBy(...texts: string[]) {
  const made = await anna.post('/api/conversations', { name: 'Nowa', member_ids: [bartek.id] })
  const { id } = made.body.conversation
  const sent: number[] = []
  for (const text of texts) sent.push((await anna.say(id, text)).id)
  await bartek.post(`/api/conversations/${id}/read`)
  return { id, sent }
}

test('a message that is marked as unread is unread again, with all that follow it', async () => {
  const { id, sent } = await readBy('pierwsza', 'druga', 'trzecia')
  expect((await mark(bartek, id, sent[1])).status).toBe(204)
  expect(await unread(bartek, id)).toEqual([2, sent[1]])
  await anna.say(id, 'czwarta')
  expect(await unread(bartek, id)).toEqual([3, sent[1]])
  const { body } = await bartek.get('/api/conversations?filter=unread')
  expect(body.conversations.map((each) => each.id)).toContain(id)
  expect(body.unread_total).toBeGreaterThanOrEqual(3)
})

test('even the first message of a conversation can be marked as unread', async () => {
  const made = await bartek.post('/api/conversations', { name: 'Nowa', member_ids: [celina.id] })
  const { id } = made.body.conversation
  const first = await bartek.say(id, 'pierwsza')
  await celina.post(`/api/conversations/${id}/read`)
  await mark(celina, id, first.id)
  expect(await unread(celina, id)).toEqual([1, first.id])
})

test('without a message, the newest of somebody else is marked as unread', async () => {
  const { id, sent } = await readBy('pierwsza', 'druga')
  await bartek.say(id, 'odpowiedź')
  await mark(bartek, id)
  expect(await unread(bartek, id)).toEqual([1, sent[1]])
})

test('where nobody else has written there is nothing to mark as unread', async () => {
  const id = await celina.talkTo(celina)
  await celina.say(id, 'notatka')
  expect((await mark(celina, id)).status).toBe(204)
  expect(await unread(celina, id)).toEqual([0, null])
})

test('marked as unread, it does not move the position on', async () => {
  const { id, sent } = await readBy('pierwsza', 'druga', 'trzecia')
  await mark(bartek, id, sent[0])
  await mark(bartek, id, sent[2])
  expect(await unread(bartek, id)).toEqual([3, sent[0]])
})

test.each([
  ['reading all', 0, (id: number) => bartek.post(`/api/conversations/${id}/read`)],
  ['answering', 0, (id: number) => bartek.say(id, 'odpowiedź')],
  [
    'reading on up to a message',
    1,
    (id: number, sent: number[]) => bartek.post(`/api/conversations/${id}/read`, { message_id: sent[1] }),
  ],
] as const)('%s leaves %i unread of three that were marked as unread', async (_, left, read) => {
  const { id, sent } = await readBy('pierwsza', 'druga', 'trzecia')
  await mark(bartek, id, sent[0])
  await read(id, sent)
  expect((await unread(bartek, id))[0]).toBe(left)
})

test('the others go on seeing how far it was read, and hear nothing of it, nor of its being read again', async () => {
  const { id, sent } = await readBy('pierwsza', 'druga')
  const position = async () => {
    const { members } = await see(anna, id)
    const { last_read_message_id, last_read_at } = members!.find((each) => each.user_id === bartek.id)!
    return { last_read_message_id, last_read_at }
  }
  const before = await position()
  expect(before.last_read_message_id).toBe(sent[1])
  const [annas, bartkas] = [await anna.listen(), await bartek.listen()]
  await mark(bartek, id, sent[0])
  expect(await bartkas.hear('message_read')).toMatchObject({
    conversation_id: id,
    user_id: bartek.id,
    message_id: sent[0]! - 1,
    is_unread: true,
  })
  expect(await position()).toEqual(before)
  await bartek.post(`/api/conversations/${id}/read`)
  expect(await bartkas.hear('message_read')).not.toHaveProperty('is_unread')
  expect(await position()).toEqual(before)
  // What comes later on her stream shows that this did not.
  await anna.say(id, 'trzecia')
  await annas.hear('new_message')
  expect(annas.events.map(({ event }) => event)).not.toContain('message_read')
})

test('of themselves a reader sees where they have marked it as unread', async () => {
  const { id, sent } = await readBy('pierwsza', 'druga')
  await mark(bartek, id, sent[1])
  const { members } = await see(bartek, id)
  expect(members!.find((each) => each.user_id === bartek.id)!.last_read_message_id).toBe(sent[0])
})

test('what was read right before is told first', async () => {
  const { id } = await readBy('pierwsza')
  const stream = await bartek.listen()
  await anna.say(id, 'druga')
  const { id: third } = await anna.say(id, 'trzecia')
  // Told at most once a second: this one waits.
  await bartek.post(`/api/conversations/${id}/read`, { message_id: third })
  await mark(bartek, id, third)
  const heard = [await stream.hear('message_read'), await stream.hear('message_read')]
  expect(heard.map(({ message_id, is_unread }) => [message_id, is_unread])).toEqual([
    [third, undefined],
    [third - 1, true],
  ])
})

test('a device that was away hears of it when it is back', async () => {
  const { id, sent } = await readBy('pierwsza', 'druga')
  const stream = await bartek.listen()
  await anna.post(`/api/conversations/${id}/read`)
  await anna.say(id, 'trzecia')
  await stream.hear('new_message')
  const cursor = /^id: (.+)$/m.exec(stream.raw.slice(stream.raw.lastIndexOf('\nid: ')))?.[1]
  stream.close()
  await bartek.post(`/api/conversations/${id}/read`)
  await mark(bartek, id, sent[0])
  const { address } = bartek
  const { Listener } = await import('../testing/listener.ts')
  const back = await Listener.open(`${address}/api/messages/stream`, bartek.cookie, {
    'last-event-id': cursor ?? '',
  })
  const { conversation } = await back.hear('conversation_updated', (each) => each.conversation_id === id)
  expect(conversation.first_unread_id).toBe(sent[0])
  const read = await back.hear(
    'message_read',
    (each) => each.conversation_id === id && each.user_id === bartek.id,
  )
  expect(read.message_id).toBe(sent[0]! - 1)
})

test('a message of another conversation cannot be marked as unread in this one', async () => {
  const { sent } = await readBy('tutaj')
  const elsewhere = await bartek.talkTo(celina)
  await bartek.say(elsewhere, 'gdzie indziej')
  expect((await mark(bartek, elsewhere, sent[0])).status).toBe(404)
})
