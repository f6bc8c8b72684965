import { expect, test, vi } from 'vitest'
import { startService } from '../testing/service.ts'

const { guest, address } = await startService({ RATE_LIMITS: 'on' })
const { log } = await import('../log.ts')
const warn = vi.spyOn(log, 'warn')
const told = () => warn.mock.calls.splice(0).map(([report]) => report)

const send = (body: unknown, type = 'application/csp-report', from = '192.0.2.1') =>
  fetch(`${address}/api/csp-reports`, {
    method: 'POST',
    body: typeof body === 'string' ? body : JSON.stringify(body),
    headers: { 'content-type': type, 'x-forwarded-for': from, 'sec-fetch-site': 'cross-site' },
  })
const old = (more: object = {}) => ({
  'csp-report': {
    'document-uri': 'https://portal.example.org/wiadomosci/17?szukaj=tajne#x',
    'effective-directive': 'script-src-elem',
    'blocked-uri': 'https://evil.example/a.js?token=tajne',
    'script-sample': 'tajne',
    referrer: 'https://portal.example.org/tajne',
    ...more,
  },
})
const recent = (more: object = {}) => ({
  type: 'csp-violation',
  age: 1,
  url: 'https://portal.example.org/tajne',
  user_agent: 'tajne',
  body: {
    documentURL: 'https://portal.example.org/wiadomosci/kontakty',
    effectiveDirective: 'img-src',
    blockedURL: 'inline',
    sample: 'tajne',
    ...more,
  },
})

test.each<[what: string, body: unknown, type: string, says: object[]]>([
  [
    'by report-uri',
    old(),
    'application/csp-report',
    [{ directive: 'script-src-elem', blocked: 'https://evil.example', page: '/wiadomosci/…' }],
  ],
  [
    'by report-to',
    [recent(), { type: 'deprecation', body: {} }, recent({ effectiveDirective: 'style-src-attr' })],
    'application/reports+json',
    [
      { directive: 'img-src', blocked: 'inline', page: '/wiadomosci/kontakty' },
      { directive: 'style-src-attr', blocked: 'inline', page: '/wiadomosci/kontakty' },
    ],
  ],
  [
    'by an old browser',
    old({
      'effective-directive': undefined,
      'violated-directive': "font-src 'self' tajne",
      'blocked-uri': 'data',
    }),
    'application/csp-report',
    [{ directive: 'font-src', blocked: 'data', page: '/wiadomosci/…' }],
  ],
])('a report %s is logged without what it tells of anybody', async (_, body, type, says) => {
  expect((await send(body, type)).status).toBe(204)
  const logged = told()
  expect(logged).toEqual(says)
  expect(JSON.stringify(logged)).not.toMatch(/tajne|17/)
})

test('the same is logged once', async () => {
  for (const blocked of ['https://b.example/1', 'https://b.example/2'])
    await send(old({ 'blocked-uri': blocked }), undefined, '192.0.2.2')
  expect(told()).toHaveLength(1)
})

test.each([
  ['no JSON', '{', 'application/csp-report', 400],
  ['a list of nonsense', '[1,null,{"csp-report":1}]', 'application/reports+json', 204],
  [
    'a directive that is none',
    JSON.stringify([recent({ effectiveDirective: 'tajne tajne' })]),
    'application/reports+json',
    204,
  ],
  ['too much', `"${'x'.repeat(20_000)}"`, 'application/csp-report', 413],
  ['another type', '{}', 'text/plain', 204],
])('%s is not logged', async (_, body, type, status) => {
  expect((await send(body, type, '192.0.2.3')).status).toBe(status)
  expect(told()).toEqual([])
})

test('whoever sends many is refused, and those who make them up do not fill the log', async () => {
  const statuses: number[] = []
  for (let i = 0; i < 35; i++) {
    const many = Array.from({ length: 20 }, (_, nr) => recent({ blockedURL: `https://x${i}-${nr}.example/` }))
    statuses.push((await send(many, 'application/reports+json', '192.0.2.4')).status)
  }
  expect([statuses.filter((status) => status === 204).length, statuses.at(-1)]).toEqual([30, 429])
  expect(told().length).toBeLessThanOrEqual(50)
  expect((await guest().get('/healthz')).status).toBe(200)
})
