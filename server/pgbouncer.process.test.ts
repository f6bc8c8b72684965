import { afterAll, expect, test } from 'vitest'
import { openPostgres } from './db/address.ts'
import { admin } from './testing/admin.ts'
import { emptyFolder } from './testing/folder.ts'
import { startPgbouncer } from './testing/pgbouncer.ts'
import { freshDatabase } from './testing/postgres.ts'
import { RunningService } from './testing/process.ts'
import { startRedis } from './testing/redis.ts'
import { Person } from './testing/service.ts'

const direct = await freshDatabase()
const pooled = await startPgbouncer(direct)
const redis = await startRedis()
afterAll(() => redis.stop())
const environment = {
  DATABASE_URL: pooled,
  REDIS_URL: redis.url,
  DATA_DIR: emptyFolder(),
  SESSION_SECRET: 'only for this test',
  WORKERS: '2',
  REGISTRATION: 'open',
  RATE_LIMITS: 'off',
  EMAIL_DELAY_SECONDS: '0',
}
const both = { ...environment, DATABASE_DIRECT_URL: direct }

async function newcomer(service: RunningService, username: string): Promise<Person> {
  const person = new Person(service.address)
  const body = { email: `${username}@example.org`, username, password: 'tajne-haslo' }
  person.id = (await person.post('/api/auth/register', body)).body.user.id
  return person
}

test('behind pgbouncer in transaction mode everything is stored, in order, and jobs run', async () => {
  const service = await RunningService.start(both)
  const [ala, ola, ela] = await Promise.all(['ala', 'ola', 'ela'].map((name) => newcomer(service, name)))
  const talk = await ala!.talkTo(ola!)
  const hers = await ola!.listen()
  const send = async (from: Person, nr: number) => {
    const message = await from.say(talk, `wiadomość ${nr}`)
    // Several statements in one transaction.
    await from.patch(`/api/messages/${message.id}`, { content: `poprawiona ${nr}` })
    return message
  }
  const sent = await Promise.all(Array.from({ length: 300 }, (_, nr) => send([ala!, ola!][nr % 2]!, nr)))
  const heard = () =>
    hers.events.filter(({ event }) => event === 'new_message').map(({ data }) => data.message)
  await expect.poll(heard).toHaveLength(300)
  expect(heard().map(({ id }) => id)).toEqual(sent.map(({ id }) => id).sort((a, b) => a - b))
  const { body } = await ola!.get(`/api/conversations/${talk}/messages?limit=50`)
  expect(body.messages.every(({ content_text }) => content_text?.startsWith('poprawiona'))).toBe(true)
  const found = await ola!.get('/api/search?q=poprawiona')
  expect(found.status).toBe(200)
  // Who has no stream open is mailed; without a mail server that is a line of the log.
  const other = await ela!.talkTo(ala!)
  const { id } = await ela!.say(other, 'czy jesteś?')
  const mail = `<rozmowa.${other}.${ala!.id}.${id}@`
  await expect.poll(() => service.output, { timeout: 20_000 }).toContain(mail)
  hers.close()
  expect(service.output).not.toMatch(/"level":(50|60)/)
  expect(await service.stop()).toBe(0)
}, 120_000)

test('whatever is asked at once gets its own answer', async () => {
  const sql = openPostgres(pooled, { max: 10, onnotice: () => {}, fetch_types: false }, true)
  const ask = async (nr: number) => {
    const [row] =
      nr % 3 ? await sql<[{ nr: number }]>`select ${nr}::int as nr` : await sql.unsafe(`select ${nr} as nr`)
    return row!.nr
  }
  const numbers = Array.from({ length: 3000 }, (_, nr) => nr)
  expect(await Promise.all(numbers.map(ask))).toEqual(numbers)
  await sql.end()
}, 20_000)

test('the doctor says which settings the pooler was not told', async () => {
  const forgetful = await startPgbouncer(direct, (settings) => settings.replace(/ connect_query=.*/, ''))
  const [well, ill] = await Promise.all(
    [both, { ...both, DATABASE_URL: forgetful }].map((environment) => admin('doctor', { environment })),
  )
  expect(well!.out).toContain('PostgreSQL')
  expect(well!.out).not.toContain('connect_query')
  expect(ill!.out).toMatch(/statement_timeout = 10000, not 0[\s\S]*connect_query/)
}, 60_000)

test('a pooler that is not named as one stops the start with one line', async () => {
  const { code, output } = await RunningService.run(environment)
  expect(code).toBe(1)
  expect(output).toMatch(/DATABASE_URL: at 127.0.0.1:\d+ there is a pooler: set DATABASE_DIRECT_URL/)
}, 60_000)
