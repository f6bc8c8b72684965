import { expect, test } from 'vitest'
import { type Person, startService } from '../testing/service.ts'

const { anna, bartek, celina, dawid } = await startService()
const { body } = await anna.post('/api/conversations', {
  name: 'Reakcje',
  member_ids: [bartek.id, celina.id],
})
const { id } = body.conversation

const pathOf = (message: { id: number }) => `/api/messages/${message.id}/reactions`
const react = (who: Person, message: { id: number }, emoji: string) => who.post(pathOf(message), { emoji })
const takeBack = (who: Person, message: { id: number }, emoji: string) =>
  who.delete(`${pathOf(message)}/${encodeURIComponent(emoji)}`)
const seqOf = async () => (await anna.get(`/api/conversations/${id}`)).body.conversation.seq
const reactionsOn = async (message: { id: number }) =>
  (await celina.get(`/api/conversations/${id}/messages?limit=100`)).body.messages.find(
    (each) => each.id === message.id,
  )!.reactions

test('reacting answers with the whole reaction, publishes it to all members, and shows it on the page', async () => {
  const message = await anna.say(id, 'Kto za?')
  const stream = await celina.listen()
  const answer = await react(bartek, message, '👍')
  expect([answer.status, answer.body]).toEqual([
    201,
    {
      reaction: {
        id: expect.any(Number),
        message_id: message.id,
        user_id: bartek.id,
        user_name: 'Bartek Zieliński',
        emoji: '👍',
        created_at: expect.stringMatching(/^\d{4}-.*Z$/),
      },
    },
  ])
  expect(await stream.hear('reaction')).toEqual({
    conversation_id: id,
    seq: message.seq + 1,
    message_id: message.id,
    user_id: bartek.id,
    user_name: 'Bartek Zieliński',
    emoji: '👍',
    action: 'add',
  })
  expect(await reactionsOn(message)).toEqual([answer.body.reaction])
  const again = await react(bartek, message, '👍')
  expect([again.status, again.body]).toEqual([200, answer.body])
  expect(await seqOf()).toBe(message.seq + 1)
  expect(stream.events.filter(({ event }) => event === 'reaction')).toEqual([])
  stream.close()
})

test('reactions by several people with several emoji are listed oldest first', async () => {
  const message = await anna.say(id, 'I co?')
  await react(bartek, message, '👍')
  await react(celina, message, '👍')
  await react(bartek, message, '🎉')
  expect(
    (await reactionsOn(message)).map((each: { user_id: number; emoji: string }) => [
      each.user_id,
      each.emoji,
    ]),
  ).toEqual([
    [bartek.id, '👍'],
    [celina.id, '👍'],
    [bartek.id, '🎉'],
  ])
})

test('users can remove only their own reaction, and only once', async () => {
  const message = await anna.say(id, 'Na pewno?')
  await react(bartek, message, '👍')
  await react(bartek, message, '🎉')
  await react(celina, message, '👍')
  const stream = await anna.listen()
  expect(await takeBack(bartek, message, '👍')).toMatchObject({ status: 204, body: '' })
  expect(await stream.hear('reaction')).toEqual({
    conversation_id: id,
    seq: message.seq + 4,
    message_id: message.id,
    user_id: bartek.id,
    user_name: 'Bartek Zieliński',
    emoji: '👍',
    action: 'remove',
  })
  expect((await takeBack(bartek, message, '👍')).status).toBe(204)
  expect((await takeBack(anna, message, '👍')).status).toBe(204)
  expect(await seqOf()).toBe(message.seq + 4)
  expect((await reactionsOn(message)).map((each) => each.emoji)).toEqual(['🎉', '👍'])
  stream.close()
})

test('a message can have at most fifty different reactions, each by any number of people', async () => {
  const message = await anna.say(id, 'Wszystkie')
  const emoji = Array.from({ length: 51 }, (_, i) => String.fromCodePoint(0x1f400 + i))
  for (const each of emoji.slice(0, 50)) expect((await react(bartek, message, each)).status).toBe(201)
  const refused = await react(celina, message, emoji[50]!)
  expect([refused.status, refused.body.code, refused.body.detail]).toEqual([
    409,
    'conflict',
    'A message can have at most 50 different reactions.',
  ])
  expect((await react(celina, message, emoji[0]!)).status).toBe(201)
  expect(await reactionsOn(message)).toHaveLength(51)
})

test('reacting is refused where the user may not react', async () => {
  const message = await anna.say(id, 'Do usunięcia')
  expect((await react(dawid, message, '👍')).status).toBe(404)
  expect((await takeBack(dawid, message, '👍')).status).toBe(404)
  expect(await react(bartek, message, 'nie')).toMatchObject({
    status: 400,
    body: { errors: [{ path: 'emoji', message: 'must be one emoji' }] },
  })
  await anna.delete(`/api/messages/${message.id}`)
  expect((await react(bartek, message, '👍')).status).toBe(403)
  expect((await react(bartek, { id: 999_999 }, '👍')).status).toBe(404)
})
