import postgres from 'postgres'
import { expect, test } from 'vitest'
import { backUp } from '../testing/backup.ts'
import { emptyFolder } from '../testing/folder.ts'
import { Listener } from '../testing/listener.ts'
import { freshDatabase } from '../testing/postgres.ts'
import { RunningService } from '../testing/process.ts'
import { startRedis } from '../testing/redis.ts'
import { Person } from '../testing/service.ts'
import { migrate } from './migrate.ts'

const start = async (DATABASE_URL: string, more: Record<string, string> = {}) =>
  RunningService.start({
    DATABASE_URL,
    DATA_DIR: emptyFolder(),
    REGISTRATION: 'open',
    RATE_LIMITS: 'off',
    ...more,
  })

async function newcomer(service: RunningService, username: string): Promise<Person> {
  const person = new Person(service.address)
  const body = { email: `${username}@example.org`, username, password: 'tajne-haslo' }
  person.id = (await person.post('/api/auth/register', body)).body.user.id
  return person
}

test('a backup restored under the running service is another history: open pages load afresh, and go on', {
  timeout: 90_000,
}, async () => {
  const redis = await startRedis()
  const url = await freshDatabase()
  const service = await start(url, { REDIS_URL: redis.url, WORKERS: '1' })
  const sql = postgres(url, { max: 1, onnotice: () => {} })
  const [ala, ola] = [await newcomer(service, 'ala'), await newcomer(service, 'ola')]
  const id = await ala.talkTo(ola)
  await ala.say(id, 'w kopii')
  const backup = await backUp(sql)
  const lost = await ala.say(id, 'po kopii')
  const late = await newcomer(service, 'pozna')
  const before = await ola.listen()
  const cursor = /^id: (.*)$/m.exec(before.raw)![1]!

  await backup.restore()
  await before.ended
  const open = () =>
    Listener.open(`${service.address}/api/messages/stream`, ola.cookie, { 'last-event-id': cursor })
  await expect
    .poll(
      () =>
        open().then(
          () => true,
          () => false,
        ),
      { timeout: 40_000 },
    )
    .toBe(true)
  const after = await open()
  await after.hear('resync')
  const again = await ala.say(id, 'po odtworzeniu')
  expect(again).toMatchObject({ id: lost.id, seq: lost.seq })
  expect((await after.hear('new_message')).message).toMatchObject({
    id: again.id,
    content_text: 'po odtworzeniu',
  })
  // Whoever is not in the backup is signed in no more: somebody else will have that id.
  expect((await late.get('/api/users/me')).status).toBe(401)
  after.close()
  expect(service.output).toContain('the database was restored from a backup')
  expect(await service.stop()).toBe(0)
  await sql.end()
  await redis.stop()
})

test('numbers of transactions that another server gave out are taken for old ones, and no row changes at a normal start', async () => {
  const url = await freshDatabase()
  // The database is a copy of another one.
  await migrate(url)
  const sql = postgres(url, { max: 1 })
  await sql`insert into users (id, email) values (1, 'ala@example.org')`
  await sql`
    insert into conversations (id, is_group, name, xid)
    values (1, true, 'Tutejsza', pg_current_xact_id()), (2, true, 'Obca', '999999999999')`
  await sql`insert into conversation_members (conversation_id, user_id, xid) values (2, 1, '999999999999')`
  const numbers = async () =>
    (await sql`select xid::text from conversations order by id`).map(({ xid }) => xid)
  const [here] = await numbers()
  await migrate(url)
  expect(await numbers()).toEqual([here, '999999999999'])
  await sql`update installation set value = 'another' where name = 'history'`
  await migrate(url)
  expect(await numbers()).toEqual([here, '0'])
  expect((await sql`select xid::text from conversation_members`)[0]).toEqual({ xid: '0' })
  await sql.end()
})

test('two installations on one Redis hear and count nothing of each other', {
  timeout: 90_000,
}, async () => {
  const redis = await startRedis()
  const services = await Promise.all(
    [0, 1].map(async () => start(await freshDatabase(), { REDIS_URL: redis.url, WORKERS: '1' })),
  )
  const people = await Promise.all(
    services.map(
      async (service) => [await newcomer(service, 'ala'), await newcomer(service, 'ola')] as const,
    ),
  )
  const [[ala, ola], [strangeAla, strangeOla]] = people as [(typeof people)[0], (typeof people)[0]]
  expect(strangeOla.id).toBe(ola.id)
  const [id] = await Promise.all([ala.talkTo(ola), strangeAla.talkTo(strangeOla)])
  const [heard, strange] = await Promise.all([ola.listen(), strangeOla.listen()])
  await ala.post(`/api/conversations/${id}/typing`)
  await ala.say(id, 'tylko u nas')
  await heard.hear('new_message')
  await strangeAla.say(id, 'tylko u nich')
  expect((await strange.hear('new_message')).message.content_text).toBe('tylko u nich')
  expect(strange.events.filter(({ event, data }) => event === 'typing' && data.is_typing)).toEqual([])
  // The same session cookie means nothing elsewhere, although the secret is the same.
  heard.close()
  strange.close()
  for (const service of services) expect(await service.stop()).toBe(0)
  await redis.stop()
})
