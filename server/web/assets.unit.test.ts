import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import express from 'express'
import { afterAll, expect, test } from 'vitest'
import { asset, assetsRouter, buildAssets, compressed, partsOf } from './assets.ts'

const assets = await buildAssets()
const server = express().use(assetsRouter).listen(0)
const { port } = server.address() as { port: number }
afterAll(() => server.close())

test('an asset may be cached for ever under a name derived from its content', async () => {
  const headers = { 'accept-encoding': 'gzip, deflate, br' }
  const answer = await fetch(`http://localhost:${port}${asset('main.css')}`, { headers })
  expect(answer.status).toBe(200)
  expect(asset('main.css')).toMatch(/^\/assets\/main-[0-9A-Z]{8}\.css$/)
  expect(answer.headers.get('cache-control')).toBe('public, max-age=31536000, immutable')
  expect(answer.headers.get('content-encoding')).toBe('br')
  expect(await answer.text()).toContain('.bubble')
  const again = await buildAssets()
  expect([...again.files.keys()].sort()).toEqual([...assets.files.keys()].sort())
})

test('every encoding of an asset has the same content', async () => {
  for (const file of assets.files.values()) {
    expect(brotliDecompressSync(await compressed(file, 'br')).equals(file.plain)).toBe(true)
    expect(gunzipSync(await compressed(file, 'gzip')).equals(file.plain)).toBe(true)
  }
})

test('typing needs at most 100 KB of scripts, without editor and emoji', async () => {
  const needed = [asset('boot.js'), asset('main.js'), asset('pl.js'), ...partsOf('main.js')]
  expect(partsOf('boot.js')).toEqual([])
  const files = needed.map((address) => assets.files.get(address.slice('/assets/'.length))!)
  const sizes = await Promise.all(files.map(async (file) => (await compressed(file, 'br')).length))
  expect(sizes.every((size) => size > 0)).toBe(true)
  expect(sizes.reduce((sum, size) => sum + size)).toBeLessThan(100_000)
})

test('the bundle contains the contract’s limits, but not its schema library', () => {
  const bundle = [...assets.files.values()].map(({ plain }) => plain.toString()).join('')
  expect(bundle).toContain('messageCharacters')
  expect(bundle).not.toMatch(/Zod|safeParse/)
})

test('no script asks for a text that only pages without scripts have', () => {
  for (const [name, { plain }] of assets.files)
    expect(plain.toString().match(/["'`](directory|error|profile|register|sign_in)\.[a-z$]/), name).toBeNull()
})

test('nothing is compiled in the browser', () => {
  for (const [name, { plain }] of assets.files)
    expect(plain.toString().match(/\beval\(|new Function\(/), name).toBeNull()
})

test('an unknown asset is not found', async () => {
  expect((await fetch(`http://localhost:${port}/assets/nothing.js`)).status).toBe(404)
})
