import { pathToFileURL } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'
import { emptyFolder } from '../testing/folder.ts'
import { freshDatabase } from '../testing/postgres.ts'
import { RunningService } from '../testing/process.ts'
import { startRedis } from '../testing/redis.ts'
import { Person } from '../testing/service.ts'

test('a killed process takes its members along, announced once', async () => {
  const redis = await startRedis()
  onTestFinished(() => redis.stop())
  const hurry = JSON.stringify({ ttl: 1500, refresh: 500, sweepEvery: 50 }).replaceAll('"', '')
  const module = pathToFileURL(`${import.meta.dirname}/durations.ts`)
  const environment = {
    DATABASE_URL: await freshDatabase(),
    REDIS_URL: redis.url,
    DATA_DIR: emptyFolder(),
    SESSION_SECRET: 'shared by the two services',
    WORKERS: '1',
    REGISTRATION: 'open',
    NODE_OPTIONS: `--import=data:text/javascript,import{durations}from'${module}';Object.assign(durations,${hurry})`,
  }
  const here = await RunningService.start(environment)
  const there = await RunningService.start(environment)
  const [ala, ola] = [await newcomer(here, 'ala'), await newcomer(there, 'ola')]
  await ala.talkTo(ola)
  const olaHears = await ola.listen()
  const stream = await ala.listen()
  await olaHears.hear('presence', ({ status }) => status === 'online')

  for (const pid of await here.workers()) process.kill(pid, 'SIGKILL')
  await stream.ended
  expect(await olaHears.hear('presence')).toMatchObject({ user_id: ala.id, status: 'offline' })
  await expect.poll(() => here.workers(), { timeout: 20_000 }).toHaveLength(1)
  await expect
    .poll(() => ala.get('/healthz').catch(() => ({ status: 0 })), { timeout: 20_000 })
    .toMatchObject({ status: 200 })
  const again = await ala.listen()
  expect(await olaHears.hear('presence')).toMatchObject({ user_id: ala.id, status: 'online' })
  expect(olaHears.events.filter(({ event }) => event === 'presence')).toEqual([])
  for (const each of [again, olaHears]) each.close()
  await Promise.all([here.stop(), there.stop()])
})

async function newcomer(service: RunningService, username: string): Promise<Person> {
  const person = new Person(service.address)
  const body = { email: `${username}@example.org`, username, password: 'tajne-haslo' }
  person.id = (await person.post('/api/auth/register', body)).body.user.id
  return person
}
