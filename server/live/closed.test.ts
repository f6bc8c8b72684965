import { expect, test } from 'vitest'
import { startService } from '../testing/service.ts'

const { anna, bartek, celina, guest } = await startService()
const { openSessions, userIds } = await import('./streams.ts')
const { flushDeliveries } = await import('../messages/delivered.ts')
const { sql } = await import('../db/client.ts')

const sessionsOf = ({ id }: { id: number }) => openSessions().filter(({ userId }) => userId === id)

test('nothing is kept of a stream that was closed', async () => {
  const phone = await guest().signIn('anna')
  const streams = [await anna.listen(), await anna.listen(), await phone.listen()]
  expect(sessionsOf(anna)).toHaveLength(2)
  streams[2]!.close()
  await expect.poll(() => sessionsOf(anna)).toHaveLength(1)
  streams[0]!.close()
  streams[1]!.close()
  await expect.poll(() => userIds()).not.toContain(anna.id)
  expect(sessionsOf(anna)).toEqual([])
  const again = await anna.listen()
  const message = await bartek.say(await bartek.talkTo(anna), 'znowu tu')
  await again.hear('new_message', (data) => data.message.id === message.id)
  again.close()
})

const deliveredTo = async (person: { id: number }, conversationId: number) =>
  (
    await sql`select last_delivered_message_id as id from conversation_members
      where conversation_id = ${conversationId} and user_id = ${person.id}`
  )[0]!.id

test('a message is delivered to whom it reaches, and not to whoever sent it', async () => {
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
  await expect.poll(() => userIds()).not.toContain(bartek.id)
  await celina.say(id, 'dwa')
  await celinas.hear('new_message')
  await flushDeliveries()
  expect(await deliveredTo(bartek, id)).toBe(first.id)
  expect(celinas.events.filter(({ event }) => event === 'message_delivered')).toEqual([])
  celinas.close()
})

test('streams that were closed take nobody’s room', async () => {
  const stays = await celina.listen()
  for (let i = 0; i < 12; i++) {
    const passing = await celina.listen()
    passing.close()
    await expect.poll(() => sessionsOf(celina).length).toBe(1)
    await passing.ended
  }
  const message = await bartek.say(await bartek.talkTo(celina), 'nadal tu')
  await stays.hear('new_message', (data) => data.message.id === message.id)
  expect(stays.raw).not.toContain('retry: 60000')
  stays.close()
})
