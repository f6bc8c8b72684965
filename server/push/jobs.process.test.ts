import { expect, onTestFinished, test } from 'vitest'
import { emptyFolder } from '../testing/folder.ts'
import { freshDatabase } from '../testing/postgres.ts'
import { RunningService } from '../testing/process.ts'
import { PushService } from '../testing/push-service.ts'
import { startRedis } from '../testing/redis.ts'
import { Person } from '../testing/service.ts'

const pushes = await PushService.start()

test.each(['in-process', 'redis'])('the jobs process knows who is here (%s)', async (bus) => {
  const redis = bus === 'redis' ? await startRedis() : undefined
  onTestFinished(() => redis?.stop())
  const environment = {
    DATABASE_URL: await freshDatabase(),
    DATA_DIR: emptyFolder(),
    REGISTRATION: 'open',
    WORKERS: bus === 'redis' ? '2' : '1',
    LINK_PREVIEW_ALLOW_HOSTS: pushes.host,
    NODE_EXTRA_CA_CERTS: pushes.certificate,
    ...(redis && { REDIS_URL: redis.url }),
  }
  const service = await RunningService.start(environment)
  const [ala, ola, ula] = await Promise.all(['ala', 'ola', 'ula'].map((name) => newcomer(service, name)))
  const made = { name: 'Zarząd', member_ids: [ola!.id, ula!.id] }
  const { id } = (await ala!.post('/api/conversations', made)).body.conversation
  const [here, away] = [pushes.subscription(), pushes.subscription()]
  await ola!.post('/api/push/subscriptions', here)
  await ula!.post('/api/push/subscriptions', away)
  const { key } = (await ula!.get('/api/push/key')).body
  const alaHears = await ala!.listen()
  const stream = await ola!.listen()
  await alaHears.hear('presence', ({ user_id, status }) => user_id === ola!.id && status === 'online')

  await ala!.say(id, 'Cześć')
  await expect.poll(() => pushes.at(away)).toHaveLength(1)
  expect(pushes.at(away)[0]).toMatchObject({ key, payload: { title: 'Zarząd' } })
  expect(pushes.at(here)).toEqual([])
  stream.close()
  alaHears.close()
  expect(await service.stop()).toBe(0)

  const again = await RunningService.start(environment)
  const back = Object.assign(new Person(again.address), { cookie: ula!.cookie })
  expect((await back.get('/api/push/key')).body, 'a restart keeps the keys').toEqual({ key })
  expect(await again.stop()).toBe(0)
})

async function newcomer({ address }: RunningService, username: string): Promise<Person> {
  const person = new Person(address)
  const about = { email: `${username}@example.org`, username, display_name: username, password: 'wiadomosci' }
  person.id = (await person.post('/api/auth/register', about)).body.user.id
  return person
}
