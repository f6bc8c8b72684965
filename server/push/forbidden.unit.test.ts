import { createECDH, randomBytes } from 'node:crypto'
import { beforeEach, expect, onTestFinished, test, vi } from 'vitest'
import { answers, insideUrls } from '../testing/inside-urls.ts'
import { rawStranger, watchConnections } from '../testing/stranger.ts'

/** Whatever endpoint a member names, and wherever its name leads, nothing inside the network is contacted. */
const canaries = [
  await rawStranger((socket) => socket.destroy()),
  await rawStranger((socket) => socket.destroy(), '::1'),
]
const allowed = await rawStranger((socket) => socket.destroy())
process.env.LINK_PREVIEW_ALLOW_HOSTS = allowed.host
const { post } = await import('./post.ts')
const tried = watchConnections()

const resolve = async (name: string) => {
  const found = answers[name.replace(/\.$/, '')]
  if (!found) throw new Error(`nobody looks up ${name}`)
  return found.map((address) => ({ address }))
}

function keyPair() {
  const keys = createECDH('prime256v1')
  keys.generateKeys()
  return { publicKey: keys.getPublicKey('base64url'), privateKey: keys.getPrivateKey('base64url') }
}

const browser = { p256dh: keyPair().publicKey, auth: randomBytes(16).toString('base64url') }
const send = (endpoint: string) =>
  post({ endpoint, ...browser, payload: '{}', topic: 'x' }, keyPair(), resolve)

beforeEach(() => {
  tried.length = 0
})

test.each([
  ...insideUrls,
  ...insideUrls.filter((url) => url.startsWith('http:')).map((url) => url.replace('http:', 'https:')),
  ...Object.keys(answers).map((name) => `https://${name}/send`),
  ...canaries.map(({ host }) => `https://${host}/send`),
  `https://localhost:${canaries[0]!.host.split(':')[1]}/send`,
  `http://${allowed.host}/send`,
  `https://x@${allowed.host}/send`,
  'https://localhost/send',
])('%s is not contacted', async (endpoint) => {
  expect(['refused', 'later']).toContain((await send(endpoint)).kind)
  expect(tried).toEqual([])
  expect([...canaries, allowed].flatMap(({ asked }) => asked)).toEqual([])
})

test('a push service that does not answer is left alone for a while, then asked once', async () => {
  vi.useFakeTimers({ toFake: ['Date'] })
  onTestFinished(() => void vi.useRealTimers())
  const endpoint = `https://${allowed.host}/send`
  for (let i = 0; i < 3; i++) expect(await send(endpoint)).toMatchObject({ kind: 'later', seconds: 0 })
  expect(await send(endpoint)).toMatchObject({ kind: 'later', seconds: 30 })
  expect(tried).toHaveLength(3)
  vi.setSystemTime(Date.now() + 30_000)
  const outcomes = await Promise.all([send(endpoint), send(endpoint), send(endpoint)])
  expect(outcomes).toMatchObject([{ seconds: 0 }, { seconds: 30 }, { seconds: 30 }])
  expect(tried).toHaveLength(4)
})
