import postgres from 'postgres'
import { expect, onTestFinished, test, vi } from 'vitest'
import { admin } from '../testing/admin.ts'
import { emptyFolder } from '../testing/folder.ts'
import { freshDatabase } from '../testing/postgres.ts'
import { RunningService } from '../testing/process.ts'
import { startRedis } from '../testing/redis.ts'
import { Person } from '../testing/service.ts'
import { MailServer } from '../testing/smtp.ts'

/** Each command is a process that starts, beside a service that does. */
vi.setConfig({ testTimeout: 60_000 })

const secret = 'tajne-hasło-Anny'

async function person(address: string, email: string, password: string) {
  const someone = new Person(address)
  const { status, body } = await someone.post('/api/auth/login', { email, password })
  someone.id = body.user?.id
  return { someone, status }
}

test.each(['in-process', 'redis'])(
  'users are made, given a password, and put out at once (%s)',
  async (bus) => {
    const redis = bus === 'redis' ? await startRedis() : undefined
    const environment = {
      DATABASE_URL: await freshDatabase(),
      DATA_DIR: emptyFolder(),
      ...(redis && { REDIS_URL: redis.url, WORKERS: '2' }),
    }
    const service = await RunningService.start(environment)
    onTestFinished(async () => {
      await service.stop()
      await redis?.stop()
    })
    const run = (command: string, input = '') => admin(command, { environment, input })

    expect(await run('user:create --email anna@example.org --name Anna', `${secret}\n`)).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^User \d+: Anna <anna@example\.org>, username anna\n$/),
    })
    await run('user:create --email ola@example.org --locale en --admin', secret)
    const { someone: anna } = await person(service.address, 'anna@example.org', secret)
    const { someone: ola } = await person(service.address, 'ola@example.org', secret)
    expect((await ola.get('/api/users/me')).body.user.locale).toBe('en')
    const id = await anna.talkTo(ola)

    const said = 'user:describe --user ola --role Skarbniczka --company Zarząd --phone'
    expect(await run(`${said} 600100200`)).toMatchObject({ code: 0 })
    expect(await run('user:describe --user ola --company=')).toMatchObject({ code: 0 })
    expect((await anna.get(`/api/users/${ola.id}`)).body.user).toMatchObject({
      role: 'Skarbniczka',
      company: null,
      phone: '600100200',
    })

    const stream = await anna.listen()
    const before = performance.now()
    expect(await run('user:password --user anna', 'inne-hasło')).toMatchObject({ code: 0 })
    await stream.ended
    expect(performance.now() - before).toBeLessThan(8000)
    expect((await anna.get('/api/users/me')).status).toBe(401)
    expect((await person(service.address, 'anna@example.org', secret)).status).toBe(401)
    const { someone: again } = await person(service.address, 'anna@example.org', 'inne-hasło')
    const second = await again.listen()
    const other = await ola.listen()
    expect(await run('user:deactivate --user anna@example.org')).toMatchObject({ code: 0 })
    await second.ended
    expect((await again.get('/api/users/me')).status).toBe(401)
    expect((await person(service.address, 'anna@example.org', 'inne-hasło')).status).toBe(401)
    // No one else is affected.
    await ola.say(id, 'halo?')
    await other.hear('new_message')
    other.close()
    expect(await run(`user:activate --user ${anna.id}`)).toMatchObject({ code: 0 })
    expect((await person(service.address, 'anna@example.org', 'inne-hasło')).status).toBe(200)
  },
)

test('a deleted group is restored for all its members, and on their open pages', async () => {
  const environment = { DATABASE_URL: await freshDatabase(), DATA_DIR: emptyFolder(), REGISTRATION: 'open' }
  const service = await RunningService.start(environment)
  const run = (command: string) => admin(command, { environment })
  const [ala, ola] = await Promise.all(['ala', 'ola'].map((name) => newcomer(service, name)))
  const { conversation } = (
    await ala!.post('/api/conversations', { name: 'Zarząd i rada', member_ids: [ola!.id] })
  ).body
  const { id } = conversation
  await ala!.say(id, 'uchwała')
  expect(await run('conversation:restore')).toMatchObject({
    code: 0,
    out: expect.stringContaining('No conversation'),
  })
  const streams = await Promise.all([ala!.listen(), ola!.listen()])
  await ala!.delete(`/api/conversations/${id}`)
  for (const stream of streams) await stream.hear('conversation_removed')

  expect((await run('conversation:restore')).out).toMatch(new RegExp(`${id} .* 2 +Zarząd i rada`))
  expect(await run(`conversation:restore --id ${id}`)).toMatchObject({
    code: 0,
    out: '“Zarząd i rada” is restored for its 2 members.\n',
  })
  for (const stream of streams) {
    await stream.hear('conversation_updated', (data) => data.conversation.id === id)
    stream.close()
  }
  const page = (await ola!.get(`/api/conversations/${id}/messages`)).body
  expect(page.messages.map((message) => message.content_text)).toContain('uchwała')

  const sql = postgres(environment.DATABASE_URL, { max: 1 })
  await sql`update conversations set deleted_at = now() - interval '31 days' where id = ${id}`
  expect(await run(`conversation:restore --id ${id}`)).toMatchObject({
    code: 1,
    error: expect.stringMatching(/^admin: conversation \d+ was deleted on .*, more than 30 days ago\n$/),
  })
  await sql.end()
  await service.stop()
})

test('why a user was not mailed, failed jobs and the doctor', async () => {
  const server = await MailServer.start()
  const environment = {
    DATABASE_URL: await freshDatabase(),
    DATA_DIR: emptyFolder(),
    REGISTRATION: 'open',
    SMTP_URL: server.url,
    EMAIL_DELAY_SECONDS: '0',
  }
  const service = await RunningService.start(environment)
  const run = (command: string) => admin(command, { environment })
  const [ala, ola, ela] = await Promise.all(['ala', 'ola', 'ela'].map((name) => newcomer(service, name)))
  await ela!.patch('/api/users/me/settings', { notify_email_messages: false })
  server.fault = (step) => (step === 'to' ? { code: 451, words: 'come back later' } : undefined)
  const { conversation } = (
    await ala!.post('/api/conversations', { name: 'Zarząd', member_ids: [ola!.id, ela!.id] })
  ).body
  const { id } = await ala!.say(conversation.id, 'uchwała')

  await expect.poll(async () => (await run('jobs')).out, { timeout: 15_000 }).toContain('come back later')
  expect((await run('jobs')).out).toMatch(/mail +conversation \d+, user \d+ +\d+\/25/)
  expect((await run(`why --message ${id} --user ela`)).out).toContain('they had switched e-mails off')
  expect((await run(`why --message ${id} --user ala`)).out).toContain('they sent it themselves')
  expect((await run(`why --message ${id} --user ola`)).out).toMatch(
    /not accepted it yet[\s\S]*come back later[\s\S]*Next: /,
  )
  expect((await run('jobs --retry all')).out).toMatch(/ of 1 failed jobs are being retried\.\n$/)
  server.fault = () => undefined
  expect((await run('jobs --retry all')).code).toBe(0)
  await expect.poll(() => server.mails.length, { timeout: 10_000 }).toBe(1)
  await expect
    .poll(async () => (await run(`why --message ${id} --user ola`)).out)
    .toContain('the mail server accepted it')
  expect((await run('jobs')).out).toBe('No jobs have failed.\n')

  const well = await run('doctor')
  expect([well.code, well.error]).toEqual([0, ''])
  for (const line of [
    / ok {3}database: PostgreSQL \d+[.\d]*, \d+ of \d+ connections used/,
    / ok {3}migrations: all \d+/,
    / ok {3}mail: 127\.0\.0\.1/,
    /disk: .*MiB free/,
  ])
    expect(well.out).toMatch(line)
  expect(well.out).not.toContain('undefined')
  await service.stop()

  await server.close()
  const [ill, away] = await Promise.all([
    admin('doctor', {
      environment: { ...environment, REDIS_URL: 'redis://127.0.0.1:1', DATA_DIR: '/dev/null/data' },
    }),
    admin('doctor', {
      environment: { DATABASE_URL: 'postgres://127.0.0.1:1/x', DATA_DIR: emptyFolder() },
    }),
  ])
  expect(ill.code).toBe(1)
  for (const what of ['Redis', 'mail', 'disk'])
    expect(ill.out).toMatch(new RegExp(`FAIL {2}${what}: .*\n +→ .+`))
  expect([away.code, away.out]).toEqual([1, expect.stringContaining('FAIL  database: ')])
})

test('with the embedded database it works while the service runs, and when it does not', async () => {
  const environment = { DATA_DIR: emptyFolder() }
  const none = await admin('jobs', { environment })
  expect(none).toMatchObject({ code: 1, error: expect.stringContaining('there is no database in DATA_DIR') })
  const service = await RunningService.start(environment)
  const create = (name: string) =>
    admin(`user:create --email ${name}@example.org`, { environment, input: secret })
  expect(await create('gosia')).toMatchObject({ code: 0, error: '' })
  expect((await person(service.address, 'gosia@example.org', secret)).status).toBe(200)
  await service.stop()
  expect(await create('hania')).toMatchObject({
    code: 0,
    error: 'The service is not running; its database is started for this.\n',
  })
  const again = await RunningService.start(environment)
  expect((await person(again.address, 'hania@example.org', secret)).status).toBe(200)
  // As after a crash: a lock file without a process.
  await again.stop('SIGKILL')
  expect((await admin('jobs', { environment })).code).toBe(0)
})

async function newcomer(service: RunningService, username: string): Promise<Person> {
  const someone = new Person(service.address)
  const body = { email: `${username}@example.org`, username, password: 'tajne-haslo' }
  someone.id = (await someone.post('/api/auth/register', body)).body.user.id
  return someone
}
