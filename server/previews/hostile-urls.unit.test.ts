import { lookup } from 'node:dns/promises'
import { hostname } from 'node:os'
import { beforeEach, expect, test } from 'vitest'
import { answers, insideUrls } from '../testing/inside-urls.ts'
import { rawStranger, stranger, watchConnections } from '../testing/stranger.ts'

/**
 * Whatever URL a member writes or a page names, nothing inside the network is ever contacted. Checked at the socket, by
 * what this process tries to connect to, and by listeners on the loopback.
 */
const canaries = [
  await rawStranger((socket) => socket.destroy()),
  await rawStranger((socket) => socket.destroy(), '::1'),
]
const page = await stranger((req, res) => {
  const to = new URL(req.url!, 'http://x').searchParams.get('to')
  if (to) res.writeHead(302, { location: Buffer.from(to).toString('latin1') }).end()
  else res.writeHead(200, { 'content-type': 'text/html' }).end('<title>Strona</title>')
})
const port = page.host.split(':')[1]!
process.env.LINK_PREVIEW_ALLOW_HOSTS = `${page.host}, allowed.test:${port}`
const { fetchGuarded } = await import('./fetch.ts')
const { guardedLookup, Refused } = await import('./guard.ts')
const { isPublic } = await import('./addresses.ts')
const tried = watchConnections()

const resolve = async (name: string) => {
  const found = answers[name.replace(/\.$/, '')]
  if (!found) throw new Error(`nobody looks up ${name}`)
  return found.map((address) => ({ address }))
}
const ask = (url: string) =>
  fetchGuarded(url, { type: /html/, accept: '*/*', maxBytes: 1000, milliseconds: 2000, resolve })

beforeEach(() => {
  tried.length = 0
})

const inside = [
  ...insideUrls,
  ...canaries.map(({ address }) => `${address}/`),
  `http://inside.test:${canaries[0]!.host.split(':')[1]}/`,
  `http://x@${page.host}/`,
  `http://${page.host}@inside.test/`,
  `https://${page.host.replace(/\d+$/, '1')}/`,
]

test.each(inside)('%s is not contacted', async (url) => {
  await expect(ask(url)).rejects.toThrow()
  expect(tried).toEqual([])
  expect(canaries.flatMap(({ asked }) => asked)).toEqual([])
})

test.each(inside)('a redirect to %s is not followed', async (url) => {
  const asked = page.asked.length
  const found = await ask(`${page.address}/?to=${encodeURIComponent(url)}`).catch(() => undefined)
  // A relative URL leads to the same host again, which is allowed.
  expect(found?.url.host ?? page.host).toBe(page.host)
  expect(page.asked.length).toBeGreaterThan(asked)
  expect(new Set(tried)).toEqual(new Set([page.host]))
  expect(canaries.flatMap(({ asked }) => asked)).toEqual([])
})

test.each([
  `${page.address}/`,
  `http://allowed.test:${port}/`,
  `http://ALLOWED.test:${port}/a?b=c#d`,
  `${page.address}/?to=/dalej`,
  `${page.address}/?to=${encodeURIComponent(`http://allowed.test:${port}/`)}`,
])('%s is contacted, for that host is allowed', async (url) => {
  const { body } = await ask(url)
  expect(body.toString()).toBe('<title>Strona</title>')
  expect(new Set(tried)).toEqual(new Set([page.host]))
})

test('the connection goes to the address that was checked, however the DNS answer changes', async () => {
  let lookups = 0
  const changing = async () => [{ address: lookups++ === 0 ? '127.0.0.1' : '127.0.0.9', family: 4 }]
  const url = `http://allowed.test:${port}/`
  await fetchGuarded(url, {
    type: /html/,
    accept: '*/*',
    maxBytes: 99,
    milliseconds: 999,
    resolve: changing,
  })
  expect([lookups, tried]).toEqual([1, [page.host]])
})

test('each lookup is checked again', async () => {
  let lookups = 0
  const changing = async () => [{ address: lookups++ === 0 ? '93.184.216.34' : '10.0.0.1', family: 4 }]
  const lookup = guardedLookup(new URL('http://changing.test/'), changing)
  const answer = () =>
    new Promise((resolve) =>
      lookup('changing.test', { all: true }, (error, found) => resolve(error?.message ?? found)),
    )
  expect(await answer()).toEqual([{ address: '93.184.216.34', family: 4 }])
  expect(await answer()).toBe('a name with an address that is not public')
})

test('names of this machine are not contacted, whichever resolver finds them', async () => {
  const wanted = { type: /html/, accept: '*/*', maxBytes: 1000, milliseconds: 1000 }
  for (const name of ['localhost', 'localhost.', 'ip6-localhost', hostname()])
    await expect(fetchGuarded(`http://${name}/`, wanted)).rejects.toThrow()
  expect(tried).toEqual([])
  const url = new URL('http://localhost/')
  const answer = await new Promise((resolve) =>
    guardedLookup(url, (name) => lookup(name, { all: true }))('localhost', { all: true }, resolve),
  )
  expect(answer).toBeInstanceOf(Refused)
})

test('no proxy is used, whatever the environment says', async () => {
  Object.assign(process.env, { HTTP_PROXY: canaries[0]!.address, NODE_USE_ENV_PROXY: '1' })
  await ask(`${page.address}/`)
  expect(tried).toEqual([page.host])
})

test.each([
  '1.1.1.1',
  '93.184.216.34',
  '172.32.0.1',
  '100.128.0.1',
  '192.0.1.1',
  '2606:4700::1111',
  '2001:4860:4860::8888',
  '2a02:a300::1',
])('%s is public', (address) => expect(isPublic(address)).toBe(true))
