import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { emptyFolder } from '../testing/folder.ts'
import { freshDatabase } from '../testing/postgres.ts'
import { RunningService } from '../testing/process.ts'
import { Person } from '../testing/service.ts'

test('whenever the process that sends them is killed, each scheduled message is sent, and once', async () => {
  const environment = {
    DATABASE_URL: await freshDatabase(),
    DATA_DIR: emptyFolder(),
    REGISTRATION: 'open',
    RATE_LIMITS: 'off',
  }
  const service = await RunningService.start(environment)
  const writer = new Person(service.address)
  const body = { email: 'ala@example.org', username: 'ala', password: 'tajne-haslo' }
  writer.id = (await writer.post('/api/auth/register', body)).body.user.id
  const id = await writer.talkTo(writer)
  const wanted = Array.from({ length: 40 }, (_, i) => `nr ${i}`)
  const start = Date.now() + 1500
  for (const [i, content] of wanted.entries()) {
    const send_at = new Date(start + i * 50).toISOString()
    const { status } = await writer.post(`/api/conversations/${id}/messages` as string, { content, send_at })
    expect(status).toBe(201)
  }
  for (let kills = 0; kills < 4; kills++) {
    await expect.poll(() => service.jobs(), { timeout: 20_000 }).toHaveLength(1)
    await sleep(Math.max(0, start - Date.now()) + 350)
    for (const pid of await service.jobs()) process.kill(pid, 'SIGKILL')
  }
  const left = async () => (await writer.get('/api/messages/scheduled')).body.scheduled.length
  await expect.poll(left, { timeout: 40_000, interval: 200 }).toBe(0)
  const { messages } = (await writer.get(`/api/conversations/${id}/messages?limit=100`)).body
  expect(messages.map(({ content_text }) => content_text).sort()).toEqual(wanted.sort())
  await service.stop()
})
