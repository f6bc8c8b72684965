import { expect, test } from 'vitest'
import { startService } from '../testing/service.ts'

const { live, bartek, celina, dawid } = await startService()
const { flushDeliveries } = await import('./delivered.ts')
const { sql } = await import('../db/client.ts')

const deliveredTo = async (person: { id: number }, conversationId: number) =>
  (
    await sql`select last_delivered_message_id as id from conversation_members
      where conversation_id = ${conversationId} and user_id = ${person.id}`
  )[0]!.id

test('a message is delivered to those it reaches, and not to its sender', async () => {
  const id = await celina.talkTo(bartek)
  const [celinas, bartkas] = [await celina.listen(), await bartek.listen()]
  await flushDeliveries()
  const first = await celina.say(id, 'raz')
  await celinas.hear('new_message')
  await bartkas.hear('new_message')
  await flushDeliveries()
  expect(await celinas.hear('message_delivered')).toMatchObject({
    conversation_id: id,
    user_id: bartek.id,
    message_id: first.id,
  })
  expect([await deliveredTo(celina, id), await deliveredTo(bartek, id)]).toEqual([null, first.id])
  bartkas.close()
  await expect.poll(() => live.userIds()).not.toContain(bartek.id)
  await celina.say(id, 'dwa')
  await celinas.hear('new_message')
  await flushDeliveries()
  expect(await deliveredTo(bartek, id)).toBe(first.id)
  expect(celinas.events.filter(({ event }) => event === 'message_delivered')).toEqual([])
  celinas.close()
})

test('messages sent to someone who was away are delivered when they come online', async () => {
  const id = await celina.talkTo(dawid)
  const stream = await celina.listen()
  await celina.say(id, 'raz')
  const last = await celina.say(id, 'dwa')
  await flushDeliveries()
  expect(await deliveredTo(dawid, id)).toBeNull()
  const dawids = await dawid.listen()
  expect(await stream.hear('message_delivered')).toMatchObject({
    conversation_id: id,
    user_id: dawid.id,
    message_id: last.id,
    delivered_at: expect.any(String),
  })
  expect(await deliveredTo(dawid, id)).toBe(last.id)
  for (const each of [stream, dawids]) each.close()
})

test('in a group a delivery is stored, but not published', async () => {
  const { body } = await celina.post('/api/conversations', { name: 'Grupa', member_ids: [bartek.id] })
  const { id } = body.conversation
  const [celinas, bartkas] = [await celina.listen(), await bartek.listen()]
  await flushDeliveries()
  const message = await celina.say(id, 'wszystkim')
  await bartkas.hear('new_message')
  await flushDeliveries()
  expect(await deliveredTo(bartek, id)).toBe(message.id)
  const later = await celina.say(await celina.talkTo(celina), 'i dalej')
  await celinas.hear('new_message', (data) => data.message.id === later.id)
  expect(
    celinas.events.filter(({ event, data }) => event === 'message_delivered' && data.conversation_id === id),
  ).toEqual([])
  for (const each of [celinas, bartkas]) each.close()
})
