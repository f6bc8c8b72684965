import { once } from 'node:events'
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http'
import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { freePort } from '../server/db/embedded/server.ts'
import { Nginx } from '../server/testing/nginx.ts'
import { standIn } from '../server/testing/nginx-service.ts'

/** One stand-in in both places. */
const inFrontOf = async (answer: (req: IncomingMessage, res: ServerResponse) => void) => {
  const port = await standIn(answer)
  return Nginx.start([port, port])
}

test('whom it speaks for, and how, is what nginx says', async () => {
  const nginx = await inFrontOf((req, res) => void res.end(JSON.stringify(req.headers)))
  for (const path of ['/', '/api/x', '/assets/x.js', '/ws', '/api/messages/stream']) {
    const lies = {
      'x-forwarded-for': '203.0.113.7',
      'x-forwarded-proto': 'https',
      'x-forwarded-host': 'evil.example',
      forwarded: 'for=203.0.113.7',
      'x-request-id': 'forged-by-the-client',
    }
    const answer = await fetch(nginx.address + path, { headers: lies })
    const received = (await answer.json()) as Record<string, string>
    const host = new URL(nginx.address).host
    expect(received).toMatchObject({ host, 'x-forwarded-for': '127.0.0.1', 'x-forwarded-proto': 'http' })
    expect(received['x-forwarded-host']).toBe(host)
    expect(received['x-request-id']).toMatch(/^[0-9a-f]{32}$/)
    expect(received).not.toHaveProperty('forwarded')
    expect(received).not.toHaveProperty('upgrade')
  }
})

test.each([
  ['GET', 2],
  ['POST', 1],
  ['PATCH', 1],
])('a %s that was cut off after it was sent is tried %i times', async (method, times) => {
  let tried = 0
  const port = await standIn((req) => {
    tried++
    req.resume().once('end', () => req.socket.destroy())
  })
  const other = await standIn((req) => {
    tried++
    req.resume().once('end', () => req.socket.destroy())
  })
  const nginx = await Nginx.start([port, other])
  const body = method === 'GET' ? null : '{}'
  const answer = await fetch(`${nginx.address}/api/x`, { method, body })
  expect([answer.status, tried]).toEqual([503, times])
  expect(await answer.json()).toMatchObject({ code: 'unavailable' })
})

test('what a process that is away never had goes to the other one, whatever it is', async () => {
  const port = await standIn((req, res) => void req.resume().once('end', () => res.end('taken')))
  const nginx = await Nginx.start([await freePort(), port])
  for (const path of ['/api/x', '/api/messages/upload', '/api/x', '/api/messages/upload'])
    expect(await (await fetch(nginx.address + path, { method: 'POST', body: 'a' })).text()).toBe('taken')
})

test('a process that came back takes all streams at once when the other one goes', async () => {
  const stream = (_: IncomingMessage, res: ServerResponse) => void res.write('event: connected\n\n')
  const [first, second] = [await freePort(), await freePort()]
  const nginx = await Nginx.start([first, second])
  const open = () => fetch(`${nginx.address}/api/messages/stream`)
  const openTwenty = async () =>
    (await Promise.all(Array.from({ length: 20 }, open))).map(({ status }) => status)
  const all = Array(20).fill(200)

  const other = createServer(stream).listen(second, '127.0.0.1')
  expect(await openTwenty()).toEqual(all)
  const one = createServer(stream).listen(first, '127.0.0.1')
  await once(one, 'listening')
  other.close().closeAllConnections()
  expect(await openTwenty()).toEqual(all)
  one.close().closeAllConnections()
})

test('an asset that one process does not know yet comes from the other one, and is kept', async () => {
  let given = 0
  const older = await standIn((_, res) => void res.writeHead(404, { 'cache-control': 'no-store' }).end())
  const newer = await standIn((_, res) => {
    given++
    res.writeHead(200, { 'cache-control': 'public, max-age=31536000, immutable', vary: 'Accept-Encoding' })
    res.end('asset')
  })
  const nginx = await Nginx.start([older, newer])
  for (const coding of ['br, gzip', 'gzip, deflate, br', 'br'])
    for (let i = 0; i < 3; i++) {
      const headers = { 'accept-encoding': coding }
      expect(await (await fetch(`${nginx.address}/assets/main-1.js`, { headers })).text()).toBe('asset')
    }
  // What came after a 404 is not kept; the next one is.
  expect(given).toBe(2)
})

test.each([
  '/api/conversations',
  '/assets/../api/conversations',
  '/assets/..%2fapi/conversations',
  '/assets/x',
])('nothing that is not to be stored is kept of %s', async (path) => {
  let given = 0
  const nginx = await inFrontOf((_, res) => {
    res.writeHead(200, { 'cache-control': 'no-store' }).end(`${++given}`)
  })
  for (const expected of ['1', '2']) {
    const [answer] = await once(request({ port: nginx.port, path }).end(), 'response')
    expect(`${(await answer.toArray()).join('')}`).toBe(expected)
  }
})

test('an upload reaches the app as it comes, any other body when it is complete', async () => {
  const seen: string[] = []
  const nginx = await inFrontOf((req, res) => {
    seen.push(req.url!)
    req.resume().once('end', () => res.end('taken'))
  })
  const begin = (path: string) => {
    const headers = { 'content-length': '10' }
    const sending = request({ port: nginx.port, path, method: 'POST', headers })
    sending.write('12345')
    return sending
  }
  const [message, upload] = [begin('/api/x'), begin('/api/messages/upload')]
  await expect.poll(() => seen).toEqual(['/api/messages/upload'])
  await sleep(100)
  expect(seen).toHaveLength(1)
  for (const sending of [message, upload]) {
    sending.end('67890')
    expect((await once(sending, 'response'))[0].statusCode).toBe(200)
  }
})

test.each(['/ws', '/api/v1/ws', '/api/v1/realtime'])('%s becomes a WebSocket', async (path) => {
  const app = createServer().on('upgrade', (req, socket) => {
    expect(req.headers).toMatchObject({ upgrade: 'websocket', connection: 'upgrade' })
    socket.write('HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n')
    socket.pipe(socket)
  })
  app.listen(0, '127.0.0.1')
  await once(app, 'listening')
  const { port } = app.address() as { port: number }
  const nginx = await Nginx.start([port, port])
  const socket = connect(nginx.port, '127.0.0.1').setEncoding('utf8')
  socket.write(`GET ${path} HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n`)
  expect((await once(socket, 'data'))[0]).toContain('101 Switching Protocols')
  socket.write('echo')
  expect((await once(socket, 'data'))[0]).toBe('echo')
  socket.destroy()
  app.close()
})
