import { beforeEach, expect, test } from 'vitest'
import { rawStranger, stranger, watchConnections } from '../testing/stranger.ts'

/**
 * Whatever address a member writes or a page names: nothing inside is ever asked. Judged at the socket, by what this
 * process tries to connect to, and by listeners on the loopback that would notice.
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
const { guardedLookup } = await import('./guard.ts')
const { isPublic } = await import('./addresses.ts')
const tried = watchConnections()

const answers: Record<string, string[]> = {
  'allowed.test': ['127.0.0.1'],
  'inside.test': ['127.0.0.1'],
  'inside6.test': ['::1'],
  'cloud.test': ['169.254.169.254'],
  'mapped.test': ['::ffff:127.0.0.1'],
  'compatible.test': ['::127.0.0.1'],
  'nat64.test': ['64:ff9b::7f00:1'],
  'both.test': ['93.184.216.34', '10.0.0.1'],
  'both-reversed.test': ['10.0.0.1', '93.184.216.34'],
  'both6.test': ['2606:2800:220:1::1', 'fd00::1'],
  'zone.test': ['fe80::1%lo'],
  'zone-public.test': ['2606:4700::1%lo'],
  'nonsense.test': ['not an address'],
  'nothing.test': [],
}
const resolve = async (name: string) => {
  const found = answers[name.replace(/\.$/, '')]
  if (!found) throw new Error(`nobody looks up ${name}`)
  return found.map((address) => ({ address, family: 4 }))
}
const ask = (url: string) =>
  fetchGuarded(url, { type: /html/, accept: '*/*', mostBytes: 1000, milliseconds: 2000, resolve })

beforeEach(() => {
  tried.length = 0
})

const inside = [
  // Loopback as it is written, and as nobody writes it.
  'http://127.0.0.1/',
  'https://127.0.0.1/',
  'http://127.0.0.2/',
  'http://127.255.255.254/',
  'http://127.1/',
  'http://127.0.1/',
  'http://2130706433/',
  'http://017700000001/',
  'http://0177.0.0.1/',
  'http://0177.0.0.0x1/',
  'http://0x7f000001/',
  'http://0x7f.0.0.1/',
  'http://0x7f.1/',
  'http://127.0.0.1./',
  'http://127%2e0%2e0%2e1/',
  'http://%31%32%37.0.0.1/',
  'http://１２７.０.０.１/',
  'http://①②⑦.⓪.⓪.①/',
  'http://127。0。0。1/',
  'http://127．0．0．1/',
  'http:127.0.0.1/',
  'http:///127.0.0.1/',
  'http:\\\\127.0.0.1\\',
  'http://\t127.0.0.1/',
  'http://0/',
  'http://0.0.0.0/',
  'http://00000000/',
  // IPv6.
  'http://[::1]/',
  'http://[::]/',
  'http://[0:0:0:0:0:0:0:1]/',
  'http://[0000:0000:0000:0000:0000:0000:0000:0001]/',
  'http://[::ffff:127.0.0.1]/',
  'http://[::ffff:7f00:1]/',
  'http://[::ffff:0:127.0.0.1]/',
  'http://[::127.0.0.1]/',
  'http://[::10.0.0.1]/',
  'http://[64:ff9b::127.0.0.1]/',
  'http://[64:ff9b::a9fe:a9fe]/',
  'http://[64:ff9b:1::7f00:1]/',
  'http://[2002:7f00:1::]/',
  'http://[2002:a00:1::1]/',
  'http://[2001:0:7f00:1::]/',
  'http://[2001:db8::1]/',
  'http://[2001:2::1]/',
  'http://[2001:10::1]/',
  'http://[3fff::1]/',
  'http://[fc00::1]/',
  'http://[fd12:3456:789a::1]/',
  'http://[fe80::1]/',
  'http://[fe80::1%25lo]/',
  'http://[fe80::1%lo]/',
  'http://[::1%25lo]/',
  'http://[fec0::1]/',
  'http://[ff02::1]/',
  'http://[100::1]/',
  'http://[5f00::1]/',
  // The other ranges.
  'http://10.0.0.1/',
  'http://10.255.255.255/',
  'http://172.16.0.1/',
  'http://172.31.255.255/',
  'http://192.168.0.1/',
  'http://3232235521/',
  'http://100.64.0.1/',
  'http://100.127.255.255/',
  'http://169.254.169.254/latest/meta-data/',
  'http://0xa9fea9fe/',
  'http://2852039166/',
  'http://168.63.129.16/',
  'http://192.0.0.1/',
  'http://192.0.2.1/',
  'http://192.88.99.1/',
  'http://198.18.0.1/',
  'http://198.19.255.255/',
  'http://198.51.100.1/',
  'http://203.0.113.1/',
  'http://224.0.0.1/',
  'http://239.255.255.255/',
  'http://240.0.0.1/',
  'http://255.255.255.255/',
  // Names.
  'http://localhost/',
  'http://LOCALHOST/',
  'http://localhost./',
  'http://inside.test/',
  'https://inside.test/',
  'http://inside.test./',
  'http://INSIDE.test/',
  'http://ｉnside.test/',
  'http://inside6.test/',
  'http://cloud.test/',
  'http://mapped.test/',
  'http://compatible.test/',
  'http://nat64.test/',
  'http://both.test/',
  'http://both-reversed.test/',
  'http://both6.test/',
  'http://zone.test/',
  'http://zone-public.test/',
  'http://nonsense.test/',
  'http://nothing.test/',
  // Somebody's name, as a disguise.
  'http://example.org@127.0.0.1/',
  'http://user:password@inside.test/',
  `http://x@${page.host}/`,
  `http://${page.host}@inside.test/`,
  'http://127.0.0.1#@example.org/',
  'http://127.0.0.1\\@example.org/',
  // Ports and schemes.
  ...canaries.map(({ address }) => `${address}/`),
  `http://inside.test:${canaries[0]!.host.split(':')[1]}/`,
  'http://127.0.0.1:22/',
  'http://example.org:6379/',
  'https://example.org:80/',
  'http://example.org:443/',
  'http://example.org:0/',
  `https://${page.host.replace(/\d+$/, '1')}/`,
  'ftp://127.0.0.1/',
  'file:///etc/passwd',
  'gopher://127.0.0.1:6379/_INFO',
  'data:text/html,<title>x</title>',
  'javascript:alert(1)',
  'blob:http://127.0.0.1/x',
  'ws://127.0.0.1/',
  'about:blank',
  '//127.0.0.1/',
  'http://',
  'http://[::1',
  'http://256.256.256.256/',
  '',
]

test.each(inside)('%s is not asked', async (url) => {
  await expect(ask(url)).rejects.toThrow()
  expect(tried).toEqual([])
  expect(canaries.flatMap(({ asked }) => asked)).toEqual([])
})

test.each(inside)('a redirect to %s is not followed', async (url) => {
  const asked = page.asked.length
  const found = await ask(`${page.address}/?to=${encodeURIComponent(url)}`).catch(() => undefined)
  // Not all of it is an address: what is relative leads to the same host again, which may be asked.
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
])('%s is asked, for that host is allowed', async (url) => {
  const { body } = await ask(url)
  expect(body.toString()).toBe('<title>Strona</title>')
  expect(new Set(tried)).toEqual(new Set([page.host]))
})

test('what was looked up is what is connected to, however the answer changes', async () => {
  let lookups = 0
  const changing = async () => [{ address: lookups++ === 0 ? '127.0.0.1' : '127.0.0.9', family: 4 }]
  const url = `http://allowed.test:${port}/`
  await fetchGuarded(url, {
    type: /html/,
    accept: '*/*',
    mostBytes: 99,
    milliseconds: 999,
    resolve: changing,
  })
  expect([lookups, tried]).toEqual([1, [page.host]])
})

test('each look-up is judged anew', async () => {
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

test('no proxy is asked, whatever the environment says', async () => {
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
