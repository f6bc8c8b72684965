import { randomBytes } from 'node:crypto'
import { get } from 'node:http'
import { expect, test } from 'vitest'
import { download, said, upload } from '../server/testing/files.ts'
import { Nginx } from '../server/testing/nginx.ts'
import { Apps } from '../server/testing/nginx-service.ts'
import { Person } from '../server/testing/service.ts'

const most = 25 * 1024 * 1024
const apps = await Apps.start(2)
const [first, second] = apps.ports as [number, number]
const nginx = await Nginx.start(apps.ports)
const { address } = nginx
const [ala, ola] = [await apps.newcomer(address, 'ala'), await apps.newcomer(address, 'ola')]

const directly = (person: Person, port: number) =>
  Object.assign(new Person(`http://127.0.0.1:${port}`), { cookie: person.cookie })

/** Each message is heard before the next is sent; the times are in ms. */
async function talk(from: Person, to: Person) {
  const conversation = await from.talkTo(to)
  const asked = performance.now()
  const stream = await to.listen()
  const times = [performance.now() - asked]
  for (const word of ['raz', 'dwa', 'trzy', 'cztery', 'pięć']) {
    const sent = performance.now()
    const message = await from.say(conversation, word)
    await stream.hear('new_message', ({ message: heard }) => heard.id === message.id)
    times.push(performance.now() - sent)
  }
  return { stream, times: times.map((time) => time.toFixed(0)) }
}

test('members on different processes talk, and events pass when they come', async () => {
  const here = await ala.listen()
  const { stream: there, times } = await talk(ala, ola)
  await here.hear('new_message')
  process.stdout.write(`nginx: connected after ${times[0]} ms, sent and heard in ${times.slice(1)} ms\n`)
  expect(there.headers.get('x-accel-buffering')).toBe('no')
  expect(there.headers.get('content-encoding')).toBeNull()
  for (const stream of [here, there]) stream.close()

  const streams = () => lines().filter(({ path }) => path === '/api/messages/stream')
  await expect.poll(() => new Set(streams().map(({ upstream }) => upstream)).size).toBe(2)
})

const lines = () =>
  nginx
    .log('access')
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line))

test('an nginx with its defaults passes events when they come, for the app says so', async () => {
  const { address: bare } = await Nginx.startBare(first)
  const [a, b] = [await apps.newcomer(bare, 'adam'), await apps.newcomer(bare, 'beata')]
  const { stream, times } = await talk(a, b)
  process.stdout.write(
    `nginx, bare: connected after ${times[0]} ms, sent and heard in ${times.slice(1)} ms\n`,
  )
  stream.close()
})

test('beside another site it answers to its name, and the other one to all the rest', async () => {
  const { address: shared, port } = await Nginx.startBeside(apps.ports, 'rozmowa.example.org')
  expect(await (await fetch(shared)).text()).toBe('another site')
  const named = await new Promise<number | undefined>((resolve) => {
    const headers = { host: 'rozmowa.example.org' }
    get({ port, path: '/healthz', headers }, (answer) => resolve(answer.resume().statusCode))
  })
  expect(named).toBe(200)
})

test('a session of one process is one of the other, and ends in both', async () => {
  const eva = await apps.newcomer(`http://127.0.0.1:${first}`, 'eva')
  const there = directly(eva, second)
  expect((await there.get('/api/users/me')).body.user.id).toBe(eva.id)
  await eva.post('/api/auth/logout')
  expect((await there.get('/api/users/me')).status).toBe(401)
})

test('a file of 20 MB comes through, both ways and from either process', async () => {
  const content = Buffer.from(randomBytes(10_000_000).toString('hex'))
  const { status, body } = await upload(ala, content, 'spis.txt')
  expect(status).toBe(201)
  for (const port of [first, second]) {
    const { bytes } = await download(`http://127.0.0.1:${port}`, ala, body.attachment.url)
    expect(bytes.equals(content)).toBe(true)
  }
  expect((await download(address, ala, body.attachment.url)).bytes.equals(content)).toBe(true)
})

test.each([
  ['a byte', most + 1, `A file can have at most ${most} bytes.`],
  ['much', most + 2_000_000, 'The body is too large.'],
])('a file %s too large is refused with a problem', async (_, size, detail) => {
  const answer = await upload(ala, new Uint8Array(size), 'spis.txt')
  expect(answer.headers.get('content-type')).toContain('application/problem+json')
  expect([...said(answer), answer.body.detail]).toEqual([413, 'payload_too_large', detail])
  expect((await ala.get('/api/users/me')).status).toBe(200)
})

test('JSON that is too large is refused by the app, then by nginx', async () => {
  for (const size of [300_000, 3_000_000])
    expect(said(await ala.post('/api/conversations', { name: 'a'.repeat(size) }))).toEqual([
      413,
      'payload_too_large',
    ])
})

test('the id of a request is that of nginx, in the answer and in its log', async () => {
  const { headers } = await ala.request('GET', '/api/conversations?q=tajne', {
    headers: { 'x-request-id': 'forged-by-the-client' },
  })
  const id = headers.get('x-request-id')
  expect(id).toMatch(/^[0-9a-f]{32}$/)
  await expect.poll(() => lines().find(({ request_id }) => request_id === id)).toMatchObject({ status: 200 })
  expect(nginx.log('access')).not.toContain('tajne')
})

test.each(['/logowanie', '/api/conversations', '/api/nothing', '/healthz'])(
  'the headers of %s are those of the app',
  async (path) => {
    const headersOf = async (person: Person) => {
      const headers = Object.fromEntries((await person.get(path)).headers)
      for (const own of [
        'server',
        'date',
        'x-request-id',
        'x-padding',
        'connection',
        'keep-alive',
        'set-cookie',
      ])
        delete headers[own]
      return headers
    }
    const through = await headersOf(ala)
    expect(through).toEqual(await headersOf(directly(ala, first)))
    expect(through['content-security-policy']).toContain("default-src 'none'")
  },
)

test('assets may be kept for ever, and are there when no process is', async () => {
  const page = await ala.get('/wiadomosci')
  const path = /\/assets\/main-\w+\.js/.exec(page.body)![0]
  for (const coding of ['gzip, deflate, br, zstd', 'gzip', 'identity']) {
    const get = (from: string) => fetch(from + path, { headers: { 'accept-encoding': coding } })
    const plain = Buffer.from(await (await get(`http://127.0.0.1:${first}`)).arrayBuffer())
    const answer = await get(address)
    expect(answer.headers.get('cache-control')).toBe('public, max-age=31536000, immutable')
    expect(answer.headers.get('vary')).toBe('Accept-Encoding')
    expect(answer.headers.get('content-encoding')).toBe(
      /br|gzip/.exec(coding.replace(/.*br.*/, 'br'))?.[0] ?? null,
    )
    expect(Buffer.from(await answer.arrayBuffer()).equals(plain)).toBe(true)
  }
  await Promise.all([apps.end(0), apps.end(1)])
  expect((await fetch(address + path)).status).toBe(200)
  const away = await ala.get('/api/conversations')
  expect([...said(away), away.headers.get('retry-after')]).toEqual([503, 'unavailable', '2'])
  const awayPage = await ala.get('/wiadomosci')
  expect([awayPage.status, awayPage.body]).toEqual([503, expect.stringContaining('Zaraz wracamy')])
})
