import type { RequestListener } from 'node:http'
import type { Socket } from 'node:net'
import type { Transform } from 'node:stream'
import {
  constants,
  createBrotliCompress,
  createDeflate,
  createDeflateRaw,
  createGzip,
  createZstdCompress,
  gzipSync,
} from 'node:zlib'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { rawStranger, type Stranger, stranger } from '../testing/stranger.ts'

/** Whatever a server does, the request ends in time and with little memory, and the process survives. */
const html = { 'content-type': 'text/html' }
const mebibyte = Buffer.alloc(1024 * 1024, ' ')

/** Writes as long as the client reads. */
function pour(
  to: { write(piece: Buffer): boolean; once(event: 'drain', next: () => void): unknown; destroyed: boolean },
  piece: Buffer,
): void {
  while (!to.destroyed)
    if (!to.write(piece)) return void to.once('drain', () => setImmediate(pour, to, piece))
}

/** Writes a little now and then. */
function drip(to: { write(piece: string): unknown; destroyed: boolean }, piece: string): void {
  const timer = setInterval(() => (to.destroyed ? clearInterval(timer) : to.write(piece)), 50)
}

const compressed =
  (encoding: string, make: () => Transform): RequestListener =>
  (_req, res) => {
    res.writeHead(200, { ...html, 'content-encoding': encoding })
    const packer = make()
    packer.pipe(res)
    res.on('close', () => packer.destroy())
    pour(packer as never, mebibyte)
  }

const web: Record<string, RequestListener> = {
  'never answers': () => {},
  'begins a body and falls silent': (_req, res) => void res.writeHead(200, html).write('<title>'),
  'drips a body': (_req, res) => drip(res.writeHead(200, html), ' '),
  'redirects to itself for ever': (req, res) => res.writeHead(302, { location: req.url }).end(),
  'redirects further and further': (req, res) => res.writeHead(301, { location: `${req.url}x` }).end(),
  'redirects with an endless body': (_req, res) => pour(res.writeHead(302, { location: '/' }), mebibyte),
  'redirects slowly': (req, res) =>
    void setTimeout(() => res.writeHead(307, { location: `${req.url}x` }).end(), 300),
  'redirects to nowhere': (_req, res) => res.writeHead(302).end(),
  'serves plain text': (_req, res) =>
    res.writeHead(200, { 'content-type': 'text/plain' }).end('<title>x</title>'),
  'serves JSON': (_req, res) => res.writeHead(200, { 'content-type': 'application/json' }).end('{}'),
  'serves XML': (_req, res) => res.writeHead(200, { 'content-type': 'text/xml' }).end('<title>x</title>'),
  'serves a type that begins like HTML': (_req, res) =>
    res.writeHead(200, { 'content-type': 'text/html5' }).end('x'),
  'serves no type': (_req, res) => res.writeHead(200).end('<title>x</title>'),
  'serves an endless film': (_req, res) =>
    pour(res.writeHead(200, { 'content-type': 'video/mp4' }), mebibyte),
  'serves an error': (_req, res) => res.writeHead(500, html).end('<title>x</title>'),
  'serves nothing': (_req, res) => res.writeHead(204).end(),
  'serves a part': (_req, res) => res.writeHead(206, html).end('<title>x</title>'),
  'wants a password': (_req, res) =>
    res.writeHead(401, { ...html, 'www-authenticate': 'Basic' }).end('<title>x</title>'),
  'compresses twice': (_req, res) =>
    res.writeHead(200, { ...html, 'content-encoding': 'gzip, gzip' }).end(gzipSync(gzipSync(mebibyte))),
  'compresses in a way nobody knows': (_req, res) =>
    res.writeHead(200, { ...html, 'content-encoding': 'zip' }).end('x'),
  'compresses by the name of an object': (_req, res) =>
    res.writeHead(200, { ...html, 'content-encoding': '__proto__' }).end('x'),
  'says gzip and means none': (_req, res) =>
    res.writeHead(200, { ...html, 'content-encoding': 'gzip' }).end('<title>x'),
  'says deflate and means none': (_req, res) =>
    res.writeHead(200, { ...html, 'content-encoding': 'deflate' }).end('<title>x'),
  'says deflate and falls silent': (_req, res) =>
    res.writeHead(200, { ...html, 'content-encoding': 'deflate' }).flushHeaders(),
  'says deflate and hangs up': (_req, res) => {
    res.writeHead(200, { ...html, 'content-encoding': 'deflate' }).flushHeaders()
    setTimeout(() => res.destroy(), 50)
  },
  'says deflate and sends nothing': (_req, res) =>
    res.writeHead(200, { ...html, 'content-encoding': 'deflate' }).end(),
  'wants 128 MiB for its zstd': (_req, res) => {
    const packer = createZstdCompress({ params: { [constants.ZSTD_c_windowLog]: 27 } })
    packer.pipe(res.writeHead(200, { ...html, 'content-encoding': 'zstd' }))
    packer.write('<title>')
    packer.flush(() => packer.end('x'))
  },
  'cuts its gzip off': (_req, res) =>
    res
      .writeHead(200, { ...html, 'content-encoding': 'gzip' })
      .end(gzipSync('<title>x</title>').subarray(0, 20)),
  'sends empty gzip members for ever': (_req, res) =>
    pour(
      res.writeHead(200, { ...html, 'content-encoding': 'gzip' }),
      Buffer.concat(Array(500).fill(gzipSync(''))),
    ),
  'switches to another protocol': (_req, res) =>
    void res.socket!.end('HTTP/1.1 101 Switching\r\nconnection: upgrade\r\nupgrade: x\r\n\r\n'),
  // The bodies of these are read up to the limit, and contain nothing.
  'sends a body without end': (_req, res) => pour(res.writeHead(200, html), mebibyte),
  'sends a gzip bomb': compressed('gzip', createGzip),
  'sends a brotli bomb': compressed('br', createBrotliCompress),
  'sends a deflate bomb': compressed('deflate', createDeflate),
  'sends a raw deflate bomb': compressed('deflate', createDeflateRaw),
  'sends a zstd bomb': compressed('zstd', createZstdCompress),
}

const head = 'HTTP/1.1 200 OK\r\ncontent-type: text/html\r\n'
function begin(socket: Socket, text: string): Socket {
  socket.write(text)
  return socket
}

const raw: Record<string, (socket: Socket) => void> = {
  'hangs up': (socket) => socket.destroy(),
  resets: (socket) => socket.resetAndDestroy(),
  'accepts and falls silent': () => {},
  'talks nonsense': (socket) => void socket.end('SSH-2.0-OpenSSH\r\n'),
  'floods with one header': (socket) => pour(begin(socket, `${head}x: `), mebibyte),
  'floods with many headers': (socket) => pour(begin(socket, head), Buffer.from('a: b\r\n'.repeat(9999))),
  'drips headers': (socket) => drip(begin(socket, head), 'a: b\r\n'),
  'asks to go on for ever': (socket) =>
    pour(socket, Buffer.from('HTTP/1.1 100 Continue\r\n\r\n'.repeat(100))),
  'gives early hints for ever': (socket) => drip(socket, 'HTTP/1.1 103 Early Hints\r\nlink: </x>\r\n\r\n'),
  'has a status line without end': (socket) => pour(begin(socket, 'HTTP/1.1 200 '), mebibyte),
  'lies about its length': (socket) => void socket.end(`${head}content-length: 999\r\n\r\n<title>x`),
  'has two lengths': (socket) => void socket.end(`${head}content-length: 1\r\ncontent-length: 2\r\n\r\nxx`),
  'has a length and chunks': (socket) =>
    void socket.end(`${head}content-length: 1\r\ntransfer-encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n\r\n`),
  'has a chunk of nonsense': (socket) => void socket.end(`${head}transfer-encoding: chunked\r\n\r\nzz\r\nx`),
  'has a chunk extension without end': (socket) =>
    pour(begin(socket, `${head}transfer-encoding: chunked\r\n\r\n1;`), mebibyte),
  'has trailers without end': (socket) =>
    drip(begin(socket, `${head}transfer-encoding: chunked\r\n\r\n0\r\n`), 'a: b\r\n'),
}

const all: [string, Stranger][] = []
for (const [does, answer] of Object.entries(web)) all.push([does, await stranger(answer)])
for (const [does, answer] of Object.entries(raw)) all.push([does, await rawStranger(answer)])
process.env.LINK_PREVIEW_ALLOW_HOSTS = all.map(([, { host }]) => host).join(',')
const { fetchGuarded } = await import('./fetch.ts')
const { makePreview } = await import('./preview.ts')

const faults: unknown[] = []
const note = (error: unknown) => faults.push(error)
let memory = 0
beforeEach(() => {
  process.on('uncaughtExceptionMonitor', note)
  process.on('unhandledRejection', note)
  memory = process.memoryUsage().rss
})
afterEach(() => {
  process.off('uncaughtExceptionMonitor', note)
  process.off('unhandledRejection', note)
  expect(faults).toEqual([])
  expect(process.memoryUsage().rss - memory).toBeLessThan(150 * 1024 * 1024)
})

const page = { type: /^text\/html(;|$)/, accept: 'text/html', maxBytes: 1024 * 1024, milliseconds: 600 }

test.each(all)('a server that %s is abandoned in time', async (_does, { address }) => {
  const start = performance.now()
  const body = await fetchGuarded(`${address}/`, { ...page, mayBeCut: true }).then(
    (found) => found.body,
    () => Buffer.alloc(0),
  )
  expect(performance.now() - start).toBeLessThan(5000)
  expect(body.length).toBeLessThanOrEqual(page.maxBytes)
  expect(body.toString()).not.toContain('title')
  await new Promise((resolve) => setTimeout(resolve, 20))
})

test.each(all.filter(([does]) => /bomb|without end$/.test(does)))(
  'a picture of a server that %s is refused',
  async (_does, { address }) => {
    await expect(fetchGuarded(`${address}/`, page)).rejects.toThrow()
  },
)

test('a page has 3 s, and at most 5 redirects are followed', async () => {
  const find = (does: string) => all.find(([each]) => each === does)![1]
  const start = performance.now()
  expect(await makePreview(`${find('drips a body').address}/`)).toBeUndefined()
  expect(performance.now() - start).toBeGreaterThan(2900)
  expect(performance.now() - start).toBeLessThan(5000)
  const further = find('redirects further and further')
  further.asked.length = 0
  expect(await makePreview(`${further.address}/`)).toBeUndefined()
  expect(further.asked).toEqual(['/', '/x', '/xx', '/xxx', '/xxxx', '/xxxxx'])
})
