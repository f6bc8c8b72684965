import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createServer as createTlsServer } from 'node:tls'
import { afterAll, expect, test } from 'vitest'
import { freePort } from '../db/embedded/server.ts'
import { selfSigned } from '../testing/certificate.ts'
import { startRedis, startSentinel } from '../testing/redis.ts'

process.env.LOG_LEVEL = 'silent'
const { openRedis } = await import('./redis.ts')

const redis = await startRedis()
const locked = await startRedis()
const dir = mkdtempSync(join(tmpdir(), 'rozmowa-cluster-'))
const nodes = await Promise.all(
  [1, 2, 3].map((node) =>
    startRedis({ dir, more: ['--cluster-enabled', 'yes', '--cluster-config-file', `${node}.conf`] }),
  ),
)
const replica = await startRedis({ more: ['--replicaof', '127.0.0.1', `${redis.port}`] })
const watched = join(dir, 'sentinel.conf')
const sentinelPort = await freePort()
writeFileSync(
  watched,
  `port ${sentinelPort}\ndir ${dir}\nsentinel monitor portal 127.0.0.1 ${redis.port} 1\n`,
)
const sentinel = await startSentinel(sentinelPort, watched)
const key = await openRedis(locked.url, 'test')
await key.config('SET', 'requirepass', 'tajne')
await key.acl('SETUSER', 'skromny', 'on', '>tajne', '~*', '&*', '+@all', '-info')
key.disconnect()
const certificates = selfSigned()
const [cert, secret] = ['fullchain.pem', 'privkey.pem'].map((name) => readFileSync(join(certificates, name)))
const servers: Server[] = []
afterAll(async () => {
  for (const server of servers) server.close()
  await Promise.all([redis, locked, replica, sentinel, ...nodes].map((server) => server.stop()))
  rmSync(dir, { recursive: true })
})

async function listen(server: Server): Promise<string> {
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return `127.0.0.1:${(server.address() as { port: number }).port}`
}
const answering = (answer: (socket: Socket) => void) =>
  listen(createServer((socket) => answer(socket.on('error', () => {}))))
const closing = await answering((socket) => socket.destroy())
const silent = await answering(() => {})
const web = await answering((socket) => void socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'))
const secured = await listen(createTlsServer({ cert: cert!, key: secret! }).on('tlsClientError', () => {}))

const unusable: [url: string, says: RegExp][] = [
  [locked.url.replace('://', '://:inne@'), /WRONGPASS/],
  [locked.url.replace('://', '://jan:inne@'), /WRONGPASS/],
  [locked.url, /NOAUTH/],
  ...nodes.map(({ url }): [string, RegExp] => [
    url,
    /part of a Cluster: begin the address with redis\+cluster:\/\//,
  ]),
  ...nodes
    .slice(0, 1)
    .map(({ port }): [string, RegExp] => [
      `redis+cluster://127.0.0.1:${port}`,
      /no answer|slot|CLUSTERDOWN|fail/i,
    ]),
  [`redis+cluster://127.0.0.1:${redis.port}`, /cluster support disabled/],
  ['redis+cluster://127.0.0.1:1,127.0.0.1:2', /nothing there takes connections/],
  [`redis+sentinel://127.0.0.1:${sentinelPort}/inne`, /the Sentinels know no master of this name/],
  [`redis+sentinel://127.0.0.1:${redis.port}/portal`, /unknown command/],
  ['redis+sentinel://127.0.0.1:1/portal', /nothing there takes connections/],
  [replica.url, /a replica, which takes no writes/],
  [`${redis.url}/99`, /DB index is out of range/],
  [redis.url.replace('redis:', 'rediss:'), /no answer|TLS|socket/],
  [`rediss://${secured}`, /self.signed certificate/],
  [`redis://${secured}`, /./],
  [`redis://${closing}`, /EPIPE|ECONNRESET|closed/],
  [`redis://${silent}`, /no answer|timed out/],
  [`redis://${web}`, /./],
  ['redis://127.0.0.1:1', /ECONNREFUSED/],
  ['redis://nie.ma.invalid', /ENOTFOUND|EAI_AGAIN/],
]
// All at once, for most of the time is spent waiting.
const answers = new Map(unusable.map(([url]) => [url, openRedis(url, 'test').catch((error: Error) => error)]))

test.each(unusable)('%s fails with one line that says why', async (url, says) => {
  const { message } = (await answers.get(url)) as Error
  expect(message).toMatch(/^REDIS_URL: no Redis can be used there: [^\n]+$/)
  expect(message).toMatch(says)
  expect(message).not.toMatch(/aborted|inne/)
})

test('the right password, and the right database, open it', async () => {
  const [locks, modest] = [':tajne@', 'skromny:tajne@'].map((who) => locked.url.replace('://', `://${who}`))
  const watchedUrl = `redis+sentinel://127.0.0.1:1,127.0.0.1:${sentinelPort}/portal/3`
  for (const url of [locks!, modest!, `${redis.url}/3`, watchedUrl]) {
    const client = await openRedis(url, 'test')
    expect(await client.ping()).toBe('PONG')
    client.disconnect()
  }
})

test('a Redis that hangs repeatedly leaves no state behind', async () => {
  const client = await openRedis(redis.url, 'test')
  const listeners = () => client.eventNames().map((name) => client.listenerCount(name))
  const before = listeners()
  const fallSilent = async () => {
    process.kill(redis.pid, 'SIGSTOP')
    await expect(client.ping()).rejects.toThrow('timed out')
    process.kill(redis.pid, 'SIGCONT')
    await expect.poll(() => client.isSilent).toBe(false)
  }
  for (let round = 0; round < 3; round++) await fallSilent()
  expect(listeners()).toEqual(before)
  client.disconnect()
})
