import { once } from 'node:events'
import { type AddressInfo, connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createHttpServer } from './server.ts'

const server = createHttpServer((req, res) => req.resume().on('end', () => res.end('served')))
beforeAll(() => once(server.listen(0, '127.0.0.1'), 'listening'))
afterAll(() => void server.close())

async function send(request: string): Promise<{ status: number; head: string; body: string }> {
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1')
  socket.end(request)
  const [head = '', body = ''] = (await text(socket)).split('\r\n\r\n')
  return { status: Number(head.split(' ')[1]), head, body }
}

const host = 'Host: a\r\n'
test.each([
  ['no HTTP at all', 'GUTEN TAG\r\n\r\n', 400],
  ['headers of 20 KB', `GET / HTTP/1.1\r\n${host}X: ${'x'.repeat(20_000)}\r\n\r\n`, 431],
  ['an address of 20 KB', `GET /${'x'.repeat(20_000)} HTTP/1.1\r\n${host}\r\n`, 431],
  ['no host', 'GET / HTTP/1.1\r\n\r\n', 400],
  ['a method nobody knows', `EAT / HTTP/1.1\r\n${host}\r\n`, 400],
  ['a version nobody knows', `GET / HTTP/9.9\r\n${host}\r\n`, 400],
  ['NUL in the address', `GET /\0 HTTP/1.1\r\n${host}\r\n`, 400],
  ['a blank in the address', `GET /a b HTTP/1.1\r\n${host}\r\n`, 400],
  ['a header without a name', `GET / HTTP/1.1\r\n${host}: x\r\n\r\n`, 400],
  ['two lengths', `POST / HTTP/1.1\r\n${host}Content-Length: 1\r\nContent-Length: 2\r\n\r\nx`, 400],
  [
    'a length and chunks',
    `POST / HTTP/1.1\r\n${host}Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\nx`,
    400,
  ],
  ['a chunk of no size', `POST / HTTP/1.1\r\n${host}Transfer-Encoding: chunked\r\n\r\nzz\r\n`, 400],
  [
    'chunks that say too much',
    `POST / HTTP/1.1\r\n${host}Transfer-Encoding: chunked\r\n\r\n1;${'x'.repeat(20_000)}\r\n`,
    413,
  ],
])('%s is answered with a problem and a request id', async (_, request, status) => {
  const answer = await send(request)
  expect(answer.status).toBe(status)
  expect(answer.head).toMatch(/^X-Request-Id: [\w-]{36}$/m)
  expect(answer.head).toMatch(/^Content-Type: application\/problem\+json/m)
  expect(JSON.parse(answer.body)).toMatchObject({
    status,
    title: expect.any(String),
    code: expect.any(String),
  })
})

test.each([
  ['an expectation nobody knows', `GET / HTTP/1.1\r\n${host}Connection: close\r\nExpect: tea\r\n\r\n`],
  ['an older client without a host', 'GET / HTTP/1.0\r\n\r\n'],
])('%s is served nonetheless', async (_, request) => {
  expect(await send(request)).toMatchObject({ status: 200, body: expect.stringContaining('served') })
})

/** What a client receives when Node gives its connection up. */
async function given(error: { code: string }): Promise<string> {
  const connected = once(server, 'connection')
  const client = connect((server.address() as AddressInfo).port, '127.0.0.1')
  const [socket] = await connected
  server.emit('clientError', Object.assign(new Error('given up'), error), socket)
  return text(client)
}

test.each([
  ['ERR_HTTP_REQUEST_TIMEOUT', 408, 'request_timeout', 'Request Timeout'],
  ['HPE_HEADER_OVERFLOW', 431, 'headers_too_large', 'Request Header Fields Too Large'],
  ['HPE_CHUNK_EXTENSIONS_OVERFLOW', 413, 'payload_too_large', 'Payload Too Large'],
  ['HPE_INVALID_METHOD', 400, 'validation_failed', 'Bad Request'],
])('when Node gives up with %s, the client gets %i %s', async (code, status, says, title) => {
  const [head = '', body = ''] = (await given({ code })).split('\r\n\r\n')
  expect(head.split('\r\n')).toEqual([
    `HTTP/1.1 ${status} ${title}`,
    expect.stringMatching(/^Date: \w{3}, /),
    'Connection: close',
    'Content-Type: application/problem+json; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(body)}`,
    expect.stringMatching(/^X-Request-Id: [0-9a-f-]{36}$/),
  ])
  expect(JSON.parse(body)).toMatchObject({ status, code: says, title, detail: expect.stringMatching(/\.$/) })
})

test('a client that has hung up gets nothing', async () => {
  expect(await given({ code: 'ECONNRESET' })).toBe('')
})

test('half an answer is not followed by a second one', async () => {
  const halting = createHttpServer((_req, res) => void res.write('half'))
  await once(halting.listen(0, '127.0.0.1'), 'listening')
  const socket = connect((halting.address() as AddressInfo).port, '127.0.0.1')
  socket.on('error', () => {})
  socket.write(`GET / HTTP/1.1\r\n${host}\r\n`)
  const said = text(socket).catch(() => 'cut off')
  await once(socket, 'readable')
  socket.write('GUTEN TAG\r\n\r\n')
  expect(await said).not.toContain('problem+json')
  halting.close()
})
