import { request } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, onTestFinished, test } from 'vitest'
import { emptyFolder } from './testing/folder.ts'
import { freshDatabase } from './testing/postgres.ts'
import { RunningService } from './testing/process.ts'
import { startRedis } from './testing/redis.ts'
import { Person } from './testing/service.ts'

test('the first start creates a database with demo members; the second finds what they wrote', async () => {
  const DATA_DIR = await emptyFolder()
  const first = await RunningService.start({ DATA_DIR })
  await expect.poll(() => first.output).toContain('/wiadomosci')
  expect(first.output).toContain('anna@example.org')
  const anna = await new Person(first.address).signIn('anna')
  const { conversations } = (await anna.get('/api/conversations')).body
  expect(conversations.length).toBeGreaterThan(2)
  const message = await anna.say(conversations[0]!.id, 'to ma zostać')
  expect(await first.stop()).toBe(0)

  const second = await RunningService.start({ DATA_DIR })
  const again = new Person(second.address)
  again.cookie = anna.cookie
  const page = await again.get(`/api/conversations/${conversations[0]!.id}/messages`)
  expect(page.body.messages.at(-1)).toEqual(message)
  expect((await again.get('/api/conversations')).body.conversations).toHaveLength(conversations.length)

  await second.stop('SIGKILL')
  const third = await RunningService.start({ DATA_DIR })
  const survivor = await new Person(third.address).signIn('bartek')
  expect((await survivor.get('/api/conversations')).status).toBe(200)
  expect(await third.stop()).toBe(0)
})

test('two services cannot share a DATA_DIR', async () => {
  const DATA_DIR = await emptyFolder()
  const service = await RunningService.start({ DATA_DIR })
  const { code, output } = await RunningService.run({ DATA_DIR })
  expect(code).toBe(1)
  expect(output).toMatch(/^rozmowa: DATA_DIR .* is in use by process \d+/m)
  await service.stop()
})

// At once, for much of the time is spent waiting for what is not there.
test.concurrent('a port in use, or an address of another machine, ends the start with one clear line', async () => {
  const DATABASE_URL = await freshDatabase()
  const DATA_DIR = await emptyFolder()
  const service = await RunningService.start({ DATABASE_URL, DATA_DIR })
  const { code, output } = await RunningService.run({
    DATABASE_URL,
    DATA_DIR,
    LOG_LEVEL: 'fatal',
    PORT: new URL(service.address).port,
  })
  expect(code).toBe(1)
  expect(output).toMatch(/^rozmowa: PORT: [^\n]*\n$/)
  await service.stop()
  const elsewhere = await RunningService.run({
    DATABASE_URL,
    DATA_DIR,
    LOG_LEVEL: 'fatal',
    HOST: '192.0.2.1',
  })
  expect([elsewhere.code, elsewhere.output]).toEqual([1, expect.stringMatching(/^rozmowa: HOST: [^\n]*\n$/)])
})

test.concurrent('a database or a Redis that is not there ends the start with one clear line', async () => {
  const away = await RunningService.run({ DATABASE_URL: 'postgres://127.0.0.1:1/x' })
  expect([away.code, away.output]).toEqual([1, expect.stringMatching(/^rozmowa: DATABASE_URL: [^\n]*\n$/)])
  const [DATABASE_URL, DATA_DIR] = [await freshDatabase(), await emptyFolder()]
  const alone = await RunningService.run({
    DATABASE_URL,
    DATA_DIR,
    REDIS_URL: 'redis://127.0.0.1:1',
    LOG_LEVEL: 'fatal',
  })
  expect([alone.code, alone.output]).toEqual([1, expect.stringMatching(/^rozmowa: REDIS_URL: [^\n]*\n$/)])
})

test.concurrent('bad configuration ends the start with one clear line', async () => {
  const { code, output } = await RunningService.run({ PORT: 'abc' })
  expect([code, output]).toEqual([1, expect.stringMatching(/^rozmowa: PORT: [^\n]*\n$/)])
})

test('members hear each other over all workers, and a crashed worker is replaced', async () => {
  const service = await startTwoWorkers()
  const [ala, ola] = await Promise.all(['ala', 'ola'].map((name) => newcomer(service, name)))
  const id = await ala!.talkTo(ola!)
  // Few enough for one user, and enough that both workers have some.
  const streams = await Promise.all(Array.from({ length: 10 }, () => ola!.listen()))
  const message = await ala!.say(id, 'do wszystkich')
  for (const stream of streams) expect((await stream.hear('new_message')).message).toEqual(message)

  const [fallen, other] = await service.workers()
  process.kill(fallen!, 'SIGKILL')
  await expect.poll(() => service.workers(), { timeout: 10_000 }).toHaveLength(2)
  await expect.poll(() => service.workers()).not.toContain(fallen)
  expect(await service.workers()).toContain(other)
  // A connection that she kept may have been to the fallen one.
  const send = () => ala!.post(`/api/conversations/${id}/messages`, { content: 'nadal' })
  expect((await send().catch(send)).status).toBe(201)
  for (const stream of streams) stream.close()
  const start = performance.now()
  expect(await service.stop()).toBe(0)
  // A worker that does not close is killed after 9 s.
  expect(performance.now() - start).toBeLessThan(8000)
})

test('a connection that comes while a worker falls is answered or broken, and never left open', async () => {
  const service = await startTwoWorkers()
  const outcomes: string[] = []
  let isOver = false
  const connectAgainAndAgain = async () => {
    while (!isOver) {
      outcomes.push(await visitOnNewConnection(service.address))
      await sleep(2)
    }
  }
  const visitors = Promise.all(Array.from({ length: 16 }, connectAgainAndAgain))
  for (let fall = 0; fall < 4; fall++) {
    await expect.poll(() => service.workers(), { timeout: 10_000 }).toHaveLength(2)
    await sleep(500)
    process.kill((await service.workers())[fall % 2]!, 'SIGKILL')
    await sleep(500)
  }
  isOver = true
  await visitors
  expect(outcomes).toContain('answered')
  expect(outcomes).not.toContain('left open')
  await service.stop()
})

function visitOnNewConnection(address: string): Promise<'answered' | 'broken' | 'left open'> {
  const { promise, resolve } = Promise.withResolvers<'answered' | 'broken' | 'left open'>()
  const asked = request(`${address}/health`, { agent: false, timeout: 5000 }, (answer) => {
    answer.resume().on('error', () => resolve('broken'))
    answer.on('end', () => resolve('answered'))
  })
  asked.on('error', () => resolve('broken'))
  asked.on('timeout', () => {
    resolve('left open')
    asked.destroy()
  })
  asked.end()
  return promise
}

async function startTwoWorkers(): Promise<RunningService> {
  const redis = await startRedis()
  onTestFinished(() => redis.stop())
  return RunningService.start({
    DATABASE_URL: await freshDatabase(),
    REDIS_URL: redis.url,
    DATA_DIR: await emptyFolder(),
    WORKERS: '2',
    REGISTRATION: 'open',
  })
}

async function newcomer(service: RunningService, username: string): Promise<Person> {
  const person = new Person(service.address)
  const body = { email: `${username}@example.org`, username, password: 'tajne-haslo' }
  person.id = (await person.post('/api/auth/register', body)).body.user.id
  return person
}
