import { expect, test } from 'vitest'
import { startService } from '../testing/service.ts'

const service = await startService()
const guest = service.guest()
const page = await guest.get<string>('/api/docs')

test('/docs leads to the page', async () => {
  const { status, headers } = await guest.get<string>('/docs')
  expect([status, headers.get('location')]).toEqual([302, '/api/docs'])
})

test('the page keeps to the policy of all pages, and has no script of its own inside', () => {
  expect(page.status).toBe(200)
  expect(page.headers.get('content-security-policy')).toContain("script-src 'self';")
  expect(page.body).not.toMatch(/<style|style="|<script(?![^>]* src=)|https?:/)
  expect(page.body).toContain('href="/api/asyncapi.json"')
})

test('every file that the page names is there, compressed for those who can read that', async () => {
  const named = [...page.body.matchAll(/(?:href|src)="(\/api\/docs\/[^"]+)"/g)].map(
    ([, path]) => path as string,
  )
  expect(named).toHaveLength(4)
  for (const path of named) {
    const compressed = await fetch(service.address + path)
    const plain = await fetch(service.address + path, { headers: { 'accept-encoding': 'identity' } })
    const type = path.endsWith('.css') ? 'text/css' : 'text/javascript'
    expect(compressed.headers.get('content-type'), path).toContain(type)
    expect([compressed.headers.get('content-encoding'), plain.headers.get('content-encoding')]).toEqual([
      'gzip',
      null,
    ])
    expect(await compressed.text()).toBe(await plain.text())
  }
})

test('no other file is served', async () => {
  for (const name of ['nothing.js', 'package.json', 'page.ts', '..%2fpage.ts', 'swagger-ui.js'])
    expect((await guest.get<string>(`/api/docs/${name}`)).status, name).toBe(404)
})
