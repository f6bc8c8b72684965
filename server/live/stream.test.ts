import { expect, test } from 'vitest'
import { startService } from '../testing/service.ts'

const { anna, bartek, celina, dawid, ewa, guest } = await startService()

test('a stream begins with the retry delay and the connected user', async () => {
  const stream = await anna.listen()
  expect(stream.headers.get('content-type')).toBe('text/event-stream')
  expect(stream.headers.get('cache-control')).toBe('no-cache, no-transform')
  expect(stream.headers.get('x-accel-buffering')).toBe('no')
  expect(stream.raw).toMatch(/^retry: 3000\nid: \S+\nevent: connected\ndata: /)
  const data = JSON.parse(stream.raw.match(/^data: (.*)$/m)![1]!)
  expect(data.user_id).toBe(anna.id)
  expect(Math.abs(Date.parse(data.server_time) - Date.now())).toBeLessThan(5000)
  stream.close()
})

test('every event of stored state has an id with an epoch', async () => {
  const stream = await bartek.listen()
  await anna.say(await anna.talkTo(bartek), 'halo')
  await expect
    .poll(() => stream.events.find(({ event }) => event === 'new_message')?.id)
    .toMatch(/^[0-9a-f]{8}-\d+-[0-9a-z]+$/)
  stream.close()
})

test('only members receive a message', async () => {
  const streams = await Promise.all([celina.listen(), dawid.listen(), ewa.listen()])
  const [celinas, dawids, ewas] = streams as [(typeof streams)[0], (typeof streams)[0], (typeof streams)[0]]
  const id = await celina.talkTo(dawid)
  await celina.say(id, 'tylko dla Dawida')
  await dawids.hear('new_message')
  await celinas.hear('new_message')
  const later = await celina.say(await celina.talkTo(ewa), 'a to dla Ewy')
  // It would have come before this one.
  expect((await ewas.hear('new_message')).message.id).toBe(later.id)
  for (const stream of streams) stream.close()
})

test('every device receives everything', async () => {
  const devices = await Promise.all(Array.from({ length: 5 }, () => ewa.listen()))
  const id = await dawid.talkTo(ewa)
  for (let i = 0; i < 20; i++) await dawid.say(id, `nr ${i}`)
  for (const device of devices) {
    await device.hear('new_message', ({ message }) => message.content_text === 'nr 19')
    const heard = device.events.filter(({ event }) => event === 'new_message').map(({ data }) => data.seq)
    expect(heard).toEqual(Array.from({ length: 19 }, (_, i) => i + 1))
    device.close()
  }
})

test('signing out ends the streams of that session, and no others', async () => {
  const phone = await guest().signIn('celina')
  const phoneStream = await phone.listen()
  const stream = await celina.listen()
  await phone.post('/api/auth/logout')
  await phoneStream.ended
  await celina.say(await celina.talkTo(anna), 'nadal tu jestem')
  await stream.hear('new_message')
  stream.close()
})

test('HEAD answers with the headers of the stream, and ends', async () => {
  const answer = await anna.request('HEAD', '/api/messages/stream', { signal: AbortSignal.timeout(5000) })
  expect([answer.status, answer.body]).toEqual([200, ''])
  expect(answer.headers.get('content-type')).toContain('text/event-stream')
})

test('guests get no stream', async () => {
  const answer = await guest().get('/api/messages/stream')
  expect([answer.status, answer.body.code]).toEqual([401, 'unauthenticated'])
})

test('a message text with line breaks of every kind stays inside its event', async () => {
  const stream = await bartek.listen()
  const content = '<pre>a\nb\r\nc\rd\u2028e\u2029f\n\nevent: resync\ndata: {}</pre>'
  const message = await anna.say(await anna.talkTo(bartek), content)
  expect((await stream.hear('new_message')).message.content).toBe(message.content)
  expect(stream.events.filter(({ event }) => event === 'resync')).toEqual([])
  stream.close()
})
