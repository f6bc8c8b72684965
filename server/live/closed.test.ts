import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { startService } from '../testing/service.ts'

const { live, anna, bartek, celina, guest } = await startService()
const { sql } = await import('../db/client.ts')

const sessionsOf = ({ id }: { id: number }) => live.sessions().filter(({ userId }) => userId === id)

test('nothing is kept of a stream that was closed', async () => {
  const phone = await guest().signIn('anna')
  const streams = [await anna.listen(), await anna.listen(), await phone.listen()]
  expect(sessionsOf(anna)).toHaveLength(2)
  streams[2]!.close()
  await expect.poll(() => sessionsOf(anna)).toHaveLength(1)
  streams[0]!.close()
  streams[1]!.close()
  await expect.poll(() => live.userIds()).not.toContain(anna.id)
  expect(sessionsOf(anna)).toEqual([])
  const again = await anna.listen()
  const message = await bartek.say(await bartek.talkTo(anna), 'znowu tu')
  await again.hear('new_message', (data) => data.message.id === message.id)
  again.close()
})

test('closed streams do not count against the limit', async () => {
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

/** A connection on which requests are written as they are. */
function openSocket({ address, cookie }: typeof anna) {
  const socket = connect(Number(new URL(address).port), '127.0.0.1')
  const connection = {
    answered: '',
    request: (method: string, path: string, body = '') =>
      socket.write(
        `${method} ${path} HTTP/1.1\r\nHost: localhost\r\nCookie: ${cookie}\r\n` +
          `Content-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
      ),
    write: (text: string) => socket.write(text),
    close: () => socket.destroy(),
  }
  socket.on('data', (data) => {
    connection.answered += data
  })
  return connection
}

test('a stream behind a request that is still being answered is refused, to be opened again', async () => {
  const id = await bartek.talkTo(celina)
  const connection = openSocket(bartek)
  await sql.begin(async (tx) => {
    await tx`select from conversations where id = ${id} for update`
    connection.request('POST', `/api/conversations/${id}/messages`, '{"content":"czeka"}')
    connection.request('GET', '/api/messages/stream')
    await sleep(200)
  })
  await expect.poll(() => connection.answered).toMatch(/^HTTP\/1.1 201 [\s\S]*HTTP\/1.1 503 /)
  expect(sessionsOf(bartek)).toEqual([])
  connection.close()
})

test('a stream whose request is followed by garbage is not opened', async () => {
  const connection = openSocket(bartek)
  connection.request('GET', '/api/messages/stream')
  connection.write('\0garbage\r\n\r\n')
  await expect.poll(() => connection.answered).toMatch(/^HTTP\/1.1 400 /)
  await sleep(200)
  expect(sessionsOf(bartek)).toEqual([])
  connection.close()
})

if (process.env.REDIS_URL)
  test('however many streams come and go, a worker has one channel in Redis', async () => {
    const { openRedis } = await import('./redis.ts')
    const redis = await openRedis(process.env.REDIS_URL!, 'test')
    const channels = async () => ((await redis.pubsub('CHANNELS')) as string[]).length
    await expect.poll(() => live.userIds()).toEqual([])
    const before = await channels()
    const stream = await anna.listen()
    expect(await channels()).toBe(before)
    stream.close()
    redis.disconnect()
  })
