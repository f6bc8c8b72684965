import { get, type IncomingHttpHeaders } from 'node:http'
import { buffer } from 'node:stream/consumers'
import { brotliDecompressSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { flood } from '../testing/flood.ts'
import { startService } from '../testing/service.ts'
import { asset, buildAssets } from './assets.ts'

const service = await startService()
const { anna, bartek } = service
const id = await anna.talkTo(bartek)
await flood(id, anna.id, 100)
const page = `/wiadomosci/${id}`
const messages = `/api/conversations/${id}/messages`

interface Raw {
  headers: IncomingHttpHeaders
  body: Buffer
}

/** What comes over the wire: `fetch` would decompress it. */
const raw = (path: string, headers: Record<string, string>): Promise<Raw> =>
  new Promise((resolve, reject) => {
    get(service.address + path, { headers: { cookie: bartek.cookie, ...headers } }, async (answer) =>
      resolve({ headers: answer.headers, body: await buffer(answer) }),
    ).on('error', reject)
  })
const browser = { 'accept-encoding': 'gzip, deflate, br', accept: 'text/html' }

test.each([
  ['a page for a browser', page, browser, 'br'],
  ['a page for one that knows gzip alone', page, { ...browser, 'accept-encoding': 'gzip' }, 'gzip'],
  ['a page for a program', page, { accept: 'text/html' }, undefined],
  ['messages', messages, browser, 'br'],
  ['what is too short', '/api/users/me', browser, undefined],
  ['a page from an address typed by hand', page, { ...browser, 'sec-fetch-site': 'none' }, 'br'],
  ['a page asked for by our own', page, { ...browser, 'sec-fetch-site': 'same-origin' }, 'br'],
  ['a page asked for by a sibling', page, { ...browser, 'sec-fetch-site': 'same-site' }, undefined],
  ['a page asked for by another site', page, { ...browser, 'sec-fetch-site': 'cross-site' }, undefined],
])('%s is encoded as it should be', async (_what, path, headers, encoding) => {
  const answer = await raw(path, headers)
  expect(answer.headers['content-encoding']).toBe(encoding)
})

test('one answer has many lengths', async () => {
  const answers = await Promise.all(Array.from({ length: 8 }, () => raw(messages, browser)))
  expect(new Set(answers.map(({ body }) => body.length)).size).toBe(1)
  const lengths = answers.map(({ headers }) => String(headers['x-padding']).length)
  expect(new Set(lengths).size).toBeGreaterThan(1)
})

test('the first paint needs three requests and at most 60 KB, and says each message once', async () => {
  await buildAssets()
  const html = await raw(page, browser)
  const text = brotliDecompressSync(html.body)
    .toString()
    .replaceAll(/<noscript>.*?<\/noscript>/gs, '')
  expect(text.match(/nr 10\./g)).toHaveLength(1)
  const needed = [
    ...text.matchAll(/<(?:script type="module" src|link rel="stylesheet" href)="([^"]*)"/g),
  ].map((match) => match[1]!)
  expect(needed).toEqual([asset('main.css'), asset('boot.js')])
  const files = await Promise.all(needed.map((address) => raw(address, browser)))
  expect([html, ...files].reduce((sum, { body }) => sum + body.length, 0)).toBeLessThan(60_000)
})
