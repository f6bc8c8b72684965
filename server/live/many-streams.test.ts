import { type IncomingMessage, request } from 'node:http'
import { expect, test } from 'vitest'
import { startService } from '../testing/service.ts'

const { anna, bartek } = await startService()

test('a user has at most ten streams; an eleventh evicts the oldest, which reconnects after a while', async () => {
  const streams = []
  for (let i = 0; i < 12; i++) streams.push(await anna.listen())
  const [first, second, ...rest] = streams as [(typeof streams)[0], (typeof streams)[0], ...typeof streams]
  await Promise.all([first.ended, second.ended])
  expect(first.raw).toMatch(/retry: 60000\n\n$/)
  const message = await bartek.say(await bartek.talkTo(anna), 'do dziesięciu')
  for (const stream of rest) {
    await stream.hear('new_message', (data) => data.message.id === message.id)
    stream.close()
  }
})

test('a reader who does not read is cut off, and the others are not affected', async () => {
  const slow = await new Promise<IncomingMessage>((resolve) => {
    request(`${anna.address}/api/messages/stream`, { headers: { cookie: anna.cookie } }, resolve).end()
  })
  slow.pause()
  const cut = new Promise((resolve) => slow.once('close', resolve))
  const stream = await anna.listen()
  const id = await bartek.talkTo(anna)
  const long = `<p>${'długa wiadomość '.repeat(1200)}</p>`
  for (let i = 0; i < 400; i++) await bartek.say(id, long)
  // What the kernel has buffered for them they still get; then comes the end.
  slow.resume()
  await cut
  const last = await bartek.say(id, 'nadal tu')
  await stream.hear('new_message', (data) => data.message.id === last.id)
  stream.close()
})
