import express from 'express'
import { afterAll, expect, test } from 'vitest'
import { assetsRouter, buildAssets } from './assets.ts'
import { install } from './install.ts'

const assets = await buildAssets()
const server = express().use(assetsRouter, install).listen(0)
const { port } = server.address() as { port: number }
afterAll(() => server.close())

const get = (path: string, headers = {}) => fetch(`http://localhost:${port}${path}`, { headers })

test.each([
  ['pl', 'pl'],
  ['en', 'en'],
  ['xx', 'pl'],
])('the manifest in %s is one in %s, and its icons are there, as large as it says', async (asked, lang) => {
  const answer = await get(`/manifest.webmanifest?lang=${asked}`)
  expect(answer.headers.get('content-type')).toMatch(/^application\/manifest\+json/)
  const manifest = (await answer.json()) as { icons: { src: string; sizes: string; purpose: string }[] }
  expect(manifest).toMatchObject({ lang, start_url: '/wiadomosci', display: 'standalone', scope: '/' })
  const sizes = { '192x192': 192, '512x512': 512 } as Record<string, number>
  for (const { src, sizes: said } of manifest.icons) {
    const icon = await get(src)
    expect(icon.headers.get('content-type')).toBe('image/png')
    // Its width, where a PNG has it.
    expect(Buffer.from(await icon.arrayBuffer()).readUInt32BE(16)).toBe(sizes[said])
  }
  expect(manifest.icons.map(({ purpose }) => purpose)).toContain('maskable')
})

test('the service worker is asked for each time, and sent when it has changed', async () => {
  const first = await get('/sw.js')
  expect(first.headers.get('content-type')).toMatch(/javascript/)
  expect(first.headers.get('cache-control')).toBe('no-cache')
  const text = await first.text()
  const again = await get('/sw.js', { 'if-none-match': first.headers.get('etag')! })
  expect([again.status, await again.text()]).toEqual([304, ''])
  const known = [...assets.files.keys()].filter((name) => !name.startsWith('sw-'))
  expect(known.filter((name) => !text.includes(`"/assets/${name}"`))).toEqual([])
})

test.each(['/icons/nothing.png', '/icons/', '/icons', '/icons/../favicon.svg', '/icons/%2e%2e/favicon.svg'])(
  '%s is not found',
  async (path) => {
    expect((await get(path)).status).toBe(404)
  },
)
