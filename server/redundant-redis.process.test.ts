import { pathToFileURL } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'
import { emptyFolder } from './testing/folder.ts'
import { freshDatabase } from './testing/postgres.ts'
import { RunningService } from './testing/process.ts'
import type { RedisServer } from './testing/redis.ts'
import { ClusterGroup } from './testing/redis-cluster.ts'
import { SentinelGroup } from './testing/redis-sentinel.ts'
import { Person } from './testing/service.ts'

/** A Redis that is several, and the one of them that everything needs. */
interface Redundant {
  url: string
  needed(): Promise<RedisServer>
  stop(): Promise<void>
}

const sentinel = async (): Promise<Redundant> => {
  const group = await SentinelGroup.start(emptyFolder())
  return Object.assign(group, { needed: () => group.master() })
}
const cluster = async (): Promise<Redundant> => {
  const group = await ClusterGroup.start(emptyFolder())
  return Object.assign(group, { needed: () => group.owner('{presence}') })
}
const hurry = JSON.stringify({ ttl: 3000, refresh: 1000, sweepEvery: 50, grace: 500 }).replaceAll('"', '')
const module = pathToFileURL(`${import.meta.dirname}/presence/durations.ts`)

test.each([
  ['Sentinel', sentinel],
  ['Cluster', cluster],
])(
  'members of two services stay together through a fail-over of %s',
  async (_name, start) => {
    const redis = await start()
    onTestFinished(() => redis.stop())
    const environment = {
      DATABASE_URL: await freshDatabase(),
      REDIS_URL: redis.url,
      DATA_DIR: emptyFolder(),
      SESSION_SECRET: 'shared by the two services',
      WORKERS: '1',
      REGISTRATION: 'open',
      NODE_OPTIONS: `--import=data:text/javascript,import{durations}from'${module}';Object.assign(durations,${hurry})`,
    }
    const services = [await RunningService.start(environment), await RunningService.start(environment)]
    const [ala, ola] = await Promise.all([newcomer(services[0]!, 'ala'), newcomer(services[1]!, 'ola')])
    const talk = await ala.talkTo(ola)
    const hers = await ola.listen()
    const his = await ala.listen()
    await hers.hear('presence', ({ user_id, status }) => user_id === ala.id && status === 'online')

    const old = await redis.needed()
    process.kill(old.pid, 'SIGKILL')
    const sent: number[] = []
    for (let nr = 0; nr < 40; nr++) {
      sent.push((await ala.say(talk, `mimo wszystko ${nr}`)).id)
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
    await expect.poll(() => redis.needed(), { timeout: 20_000 }).not.toBe(old)
    const messages = () => hers.events.filter(({ event }) => event === 'new_message')
    await expect.poll(messages).toHaveLength(sent.length)
    expect(messages().map(({ data }) => data.message.id)).toEqual(sent)

    await expect.poll(async () => (await ala.get('/readyz')).status, { timeout: 20_000 }).toBe(200)
    await expect.poll(async () => (await ola.get('/readyz')).status, { timeout: 20_000 }).toBe(200)
    const typing = setInterval(() => ala.post(`/api/conversations/${talk}/typing`, { is_typing: true }), 400)
    await hers.hear('typing', ({ user_id }) => user_id === ala.id)
    clearInterval(typing)
    his.close()
    await hers.hear('presence', ({ user_id, status }) => user_id === ala.id && status === 'offline')
    // New conversations are counted together, wherever somebody asks: 20 a minute.
    const again = new Person(services[1]!.address)
    again.cookie = ala.cookie
    const answers = await Promise.all(
      Array.from({ length: 30 }, (_, nr) =>
        [ala, again][nr % 2]!.post('/api/conversations', { name: `${nr}`, member_ids: [ola.id] }),
      ),
    )
    expect(answers.filter(({ status }) => status === 201).length).toBeLessThanOrEqual(20)
    hers.close()
    for (const service of services) await service.stop()
  },
  120_000,
)

async function newcomer(service: RunningService, username: string): Promise<Person> {
  const person = new Person(service.address)
  const body = { email: `${username}@example.org`, username, password: 'tajne-haslo' }
  person.id = (await person.post('/api/auth/register', body)).body.user.id
  return person
}
