import { mkdirSync } from 'node:fs'
import { createServer, type Server, type Socket } from 'node:net'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { selfSigned } from '../testing/certificate.ts'
import { emptyFolder } from '../testing/folder.ts'
import { openPostgres } from './address.ts'
import { findPlace } from './embedded/place.ts'
import { startEmbedded } from './embedded/start.ts'
import { migrate } from './migrate.ts'
import { openPool } from './pool.ts'

const [folder, sockets, certificates, others] = [emptyFolder(), emptyFolder(), selfSigned(), selfSigned()]
const { giveToOwner } = await findPlace(folder)
const [certificate, key] = ['fullchain.pem', 'privkey.pem'].map((name) => join(certificates, name))
for (const path of [sockets, key!]) await giveToOwner(path)
const settings = {
  ssl: 'on',
  ssl_cert_file: certificate!,
  ssl_key_file: key!,
  unix_socket_directories: sockets,
}
const server = await startEmbedded(folder, settings)
afterAll(() => server.stop())
const { username, password, port } = new URL(server.url)
const user = `${username}:${password}`
const at = (place: string, query = '') => `postgres://${user}@${place}:${port}/rozmowa?${query}`
const root = `sslrootcert=${certificate}`

/** How both drivers get there: over TLS or not. */
async function waysTo(url: string): Promise<unknown[]> {
  const sql = openPostgres(url, { max: 1, connect_timeout: 5 })
  const pool = await openPool(url, 1)
  const ask = 'select ssl from pg_stat_ssl where pid = pg_backend_pid()'
  try {
    const answers = await Promise.all([sql.unsafe(ask), pool.query(ask).then(({ rows }) => rows)])
    return answers.map(([row]) => row!.ssl)
  } finally {
    await Promise.all([sql.end({ timeout: 1 }), pool.end()])
  }
}

test.each([
  [at('localhost'), true],
  [at('127.0.0.1', 'sslmode=prefer'), true],
  [at('127.0.0.1', 'sslmode=disable'), false],
  [at('127.0.0.1', 'sslmode=require'), true],
  [at('127.0.0.1', 'ssl=true'), true],
  [at('127.0.0.1', `sslmode=require&${root}`), true],
  [at('127.0.0.1', `sslmode=verify-ca&${root}`), true],
  [at('localhost', `sslmode=verify-full&${root}`), true],
  [at('127.0.0.1', 'sslmode=require&sslnegotiation=direct'), true],
  [at(encodeURIComponent(sockets)), false],
  [at(encodeURIComponent(sockets), 'sslmode=require'), false],
  [`postgres://${user}@/rozmowa?host=${sockets}&port=${port}`, false],
  [`postgres:///rozmowa?host=${sockets}&port=${port}&user=${username}&password=${password}`, false],
])('%s leads there by either driver, over TLS: %s', async (url, isSecure) => {
  expect(await waysTo(url)).toEqual([isSecure, isSecure])
})

test('a whole start is by the same way', async () => {
  await migrate(`postgres://${user}@/rozmowa?host=${sockets}&port=${port}`)
  await migrate(at('localhost', `sslmode=verify-full&${root}`))
})

/** Servers that are none. */
const listeners: Server[] = []
afterAll(() => {
  for (const listener of listeners) listener.close()
})
async function listener(answer: (socket: Socket) => void): Promise<string> {
  const listener = createServer((socket) => answer(socket.on('error', () => {})))
  listeners.push(listener)
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve))
  return `127.0.0.1:${(listener.address() as { port: number }).port}`
}
const closing = await listener((socket) => socket.destroy())
const silent = await listener(() => {})
const web = await listener((socket) => void socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'))
mkdirSync(join(sockets, 'empty'))

// At once, for most of the time is spent waiting.
test.concurrent.each<[url: string, says: RegExp]>([
  [`postgres://${closing}/x?sslmode=disable`, /closes the connection|cut off|was reset/],
  [`postgres://${closing}/x`, /closes the connection|cut off|was reset/],
  [`postgres://${silent}/x?sslmode=disable`, /does not answer/],
  [`postgres://${silent}/x?connect_timeout=1`, /does not answer/],
  [`postgres://${web}/x?sslmode=disable`, /closes the connection|cut off|was reset/],
  [`postgres://${web}/x?sslmode=require`, /TLS/],
  ['postgres://127.0.0.1:1/x', /nothing listens there/],
  ['postgres://nie.ma.invalid/x', /no such host|looked up/],
  [`postgres:///x?host=${sockets}/empty`, /no socket in that folder/],
  [at('localhost', 'sslmode=verify-full'), /TLS: .*self.signed/],
  [at('localhost', `sslmode=verify-full&sslrootcert=${join(others, 'fullchain.pem')}`), /TLS: .*self.signed/],
  [
    at('localhost', 'sslmode=verify-full&sslrootcert=/nie/ma'),
    /sslrootcert \/nie\/ma cannot be read: ENOENT/,
  ],
  [at('localhost').replace(password, 'zle'), /password authentication failed/],
  [at('localhost').replace('/rozmowa?', '/nie-ma?'), /database "nie-ma" does not exist/],
])('%s ends in time, in one line that says why', async (url, says) => {
  const start = performance.now()
  const { message } = (await migrate(url).catch((error) => error)) as Error
  expect(performance.now() - start).toBeLessThan(25_000)
  expect(message).toMatch(/^DATABASE_URL: the database at [^\n]+ cannot be used: [^\n]+$/)
  expect(message).toMatch(says)
  expect(message).not.toContain(password)
})
