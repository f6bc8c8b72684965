import postgres from 'postgres'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { upload } from './testing/files.ts'
import { emptyFolder } from './testing/folder.ts'
import { freshDatabase } from './testing/postgres.ts'
import { RunningService } from './testing/process.ts'
import { Person } from './testing/service.ts'
import { MailServer } from './testing/smtp.ts'
import { SocketClient } from './testing/socket-client.ts'
import type { Tokens } from './tokens/family.ts'

/** What members write, where they are and what they are known by: none of it may be in a log. */
const secrets = {
  content: 'tajemnica-wiadomosci',
  draft: 'tajemnica-szkicu',
  name: 'tajemnica-nazwy',
  question: 'tajemnica-ankiety',
  file: 'tajemnica-pliku',
  search: 'tajemnica-szukania',
  broken: 'tajemnica-zepsuta',
  query: 'tajemnica-adresu',
  agent: 'tajemnica-przegladarki',
  password: 'tajemnica-hasla',
  email: 'anna.tajemnica',
  v4: '203.0.113.77',
  v6: '2001:db8:7777',
}

interface Line {
  level: number
  msg: string
  pid: number
  [field: string]: unknown
}

let service: RunningService
let lines: Line[]
let anna: Person
let signedOn: { requestId: string; cookie: string; token: string }
let mailed: string

const linesOf = (msg: string) => lines.filter((line) => line.msg === msg)

beforeAll(async () => {
  const mailServer = await MailServer.start()
  const database = await freshDatabase()
  service = await RunningService.start({
    DATABASE_URL: database,
    DATA_DIR: emptyFolder(),
    SESSION_SECRET: 'only for tests, only for tests',
    REGISTRATION: 'open',
    EMAIL_DELAY_SECONDS: '0',
    SMTP_URL: mailServer.url,
    LOG_LEVEL: 'trace',
    // Everything is slow.
    SLOW_MS: '1',
  })
  anna = await newcomer('anna', secrets.email)
  const bartek = await newcomer('bartek', 'bartek')
  mailed = await makeTraffic(bartek, mailServer)
  await breakIt(database)
  await service.stop()
  lines = service.output
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line))
})
afterAll(() => service.stop())

async function newcomer(username: string, mailbox: string): Promise<Person> {
  const person = new Person(service.address)
  const body = { email: `${mailbox}@example.org`, username, password: secrets.password }
  person.id = (await person.post('/api/auth/register', body)).body.user.id
  return person
}

/** Uses all that takes words of members. @returns the mail that was sent */
async function makeTraffic(bartek: Person, mailServer: MailServer): Promise<string> {
  const conversation = await anna.talkTo(bartek)
  const messages = `/api/conversations/${conversation}/messages`
  const headers = { 'x-forwarded-for': secrets.v4, 'user-agent': secrets.agent }
  const stream = await bartek.listen()
  const sent = await anna.request('POST', messages, {
    headers: { ...headers, 'content-type': 'application/json' },
    body: JSON.stringify({ content: secrets.content }),
  })
  await stream.hear('new_message')
  const drafted = await anna.put(`/api/conversations/${conversation}/draft`, {
    content: secrets.draft,
    version: 0,
  })
  const named = await anna.post('/api/conversations', { name: secrets.name, member_ids: [bartek.id] })
  const poll = { question: secrets.question, options: ['a', 'b'], is_multiple: false, is_secret: true }
  const asked = await anna.post(`/api/conversations/${conversation}/polls`, poll)
  const uploaded = await upload(anna, secrets.file, `${secrets.file}.txt`)
  const found = await anna.get(`/api/search?q=${secrets.search}`)
  // What is refused would not come as far as to be logged.
  for (const { status } of [sent, drafted, named, asked, uploaded, found]) expect(status).toBeLessThan(300)
  await anna.request('GET', `/api/${secrets.query}?token=${secrets.query}`, {
    headers: { 'x-forwarded-for': `${secrets.v6}::1` },
  })
  const broken = { headers: { 'content-type': 'application/json' }, body: `{"content": "${secrets.broken}` }
  await anna.request('POST', messages, broken)
  await anna.post('/api/auth/login', {
    email: `${secrets.email}@example.org`,
    password: `nie ${secrets.password}`,
  })
  const token = await getToken(bartek)
  const socket = await SocketClient.open(`${service.address}/api/v1/ws?token=${token}`, {})
  socket.say({ type: 'message', content: secrets.content, token })
  await socket.close()
  const refusal = { code: 550, words: `<${secrets.email}@example.org> is unknown` }
  mailServer.fault = (step, to) => (step === 'to' && to.includes(secrets.email) ? refusal : undefined)
  await bartek.post(messages, { content: secrets.content })
  await vi.waitFor(() => expect(mailServer.mails).not.toEqual([]), 15_000)
  await vi.waitFor(() => expect(service.output).toContain('"outcome":"refused"'), 15_000)
  const raw = mailServer.mails[0]!.text
  const link = /http\S+powiadomienia\S+/.exec(raw)![0]
  await fetch(link)
  stream.close()
  signedOn = { requestId: sent.headers.get('x-request-id')!, cookie: anna.cookie, token }
  return link.split('/').at(-1)!
}

async function getToken(person: Person): Promise<string> {
  const body = { email: 'bartek@example.org', password: secrets.password }
  const { body: tokens } = await person.post('/auth/login', body)
  return (tokens as unknown as Tokens).access_token
}

/** Errors of the database, which quote what they were about. */
async function breakIt(database: string): Promise<void> {
  const sql = postgres(database, { max: 1, onnotice: () => {} })
  await sql`alter table messages add constraint refuses check (content = 'x') not valid`
  const conversation = await anna.talkTo(anna)
  const { status } = await anna.post(`/api/conversations/${conversation}/messages`, {
    content: secrets.content,
  })
  expect(status).toBe(500)
  await sql`alter table users rename to away`
  expect((await fetch(`${service.address}/powiadomienia/${mailed}`)).status).toBe(500)
  await sql`alter table away rename to users`
  await sql.end()
}

test.each(Object.entries(secrets))('no line holds a member’s %s', (_, secret) => {
  expect(service.output).not.toContain(secret)
})

test('no line holds what signs somebody on', () => {
  const values = [signedOn.cookie.split('=')[1]!.slice(8), ...signedOn.token.split('.'), mailed]
  for (const secret of values) expect(service.output).not.toContain(secret)
})

test('a line of a request says which, and whose', () => {
  const [line] = lines.filter(
    ({ requestId, msg }) => msg === 'slow request' && requestId === signedOn.requestId,
  )
  expect(line).toMatchObject({
    route: 'POST /api/conversations/:id/messages',
    status: 201,
    userId: anna.id,
  })
})

test('so does an error', () => {
  const errors = linesOf('internal')
  expect(errors.map(({ route }) => route)).toEqual([
    'POST /api/conversations/:id/messages',
    'GET /powiadomienia/:token',
  ])
  expect(errors[0]).toMatchObject({ userId: anna.id, requestId: expect.any(String), err: { code: '23514' } })
})

test('a line of a job says which', () => {
  const [line] = linesOf('mail').filter(({ outcome }) => outcome === 'sent')
  expect(line!.requestId).toMatch(/^job:mail:\d+$/)
})

describe('a slow statement', () => {
  test('is logged as it is written, with its cause and for whom it was asked', () => {
    const sends = linesOf('slow query').filter(({ statement }) => /send_messages\(\$1/.test(`${statement}`))
    expect(sends.length).toBeGreaterThan(0)
    expect(sends[0]).toMatchObject({ level: 40, requestId: expect.any(String), userId: expect.any(Number) })
    expect(sends[0]!.ms).toBeGreaterThanOrEqual(1)
    expect(['database', 'process', 'disk', 'lock', 'pool']).toContain(sends[0]!.cause)
  })
})
