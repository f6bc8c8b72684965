import { expect, test } from 'vitest'
import { grade } from '../testing/observatory.ts'
import { startService } from '../testing/service.ts'

const { anna, bartek, address } = await startService()
const conversation = await anna.talkTo(bartek)
const html = { accept: 'text/html' }
const page = await anna.request('GET', '/wiadomosci', { headers: html })
const asset = /\/assets\/main-\w+\.js/.exec(page.body)![0]
const form = new FormData()
form.set('file', new File(['zwykły tekst'], 'a.txt'))
const { attachment } = (await anna.request('POST', '/api/messages/upload', { body: form })).body
const login = { email: 'anna@example.org', password: 'nie to hasło' }

/** Every kind of answer. */
const kinds: [kind: string, status: number, ask: () => Promise<Response>][] = [
  ['a page', 200, () => get('/wiadomosci', { cookie: anna.cookie, ...html })],
  ['a conversation', 200, () => get(`/wiadomosci/${conversation}`, { cookie: anna.cookie, ...html })],
  ['the page to sign in on', 200, () => get('/logowanie', html)],
  ['a page that there is not', 404, () => get('/wiadomosci/nic', { cookie: anna.cookie, ...html })],
  ['a redirect', 302, () => get('/wiadomosci', html)],
  ['an answer of the API', 200, () => get('/api/users/me', { cookie: anna.cookie })],
  ['signing in, with its cookie', 200, () => post('/api/auth/login', { ...login, password: 'wiadomosci' })],
  ['a refusal', 401, () => post('/api/auth/login', login)],
  ['an answer to a sister system', 401, () => get('/chats')],
  ['an address that there is not', 404, () => get('/api/nic')],
  ['a file', 200, () => get(attachment.url, { cookie: anna.cookie })],
  ['an asset', 200, () => get(asset)],
  ['the service worker', 200, () => get('/sw.js')],
  ['the documents', 200, () => get('/api/docs')],
  ['a script of the documents', 200, () => get('/api/docs/swagger-ui-bundle.js')],
  ['a document', 200, () => get('/api/openapi.json')],
  ['health', 200, () => get('/healthz')],
]

const get = (path: string, headers: Record<string, string> = {}) =>
  fetch(address + path, { headers, redirect: 'manual' })
const post = (path: string, body: object) =>
  fetch(address + path, {
    method: 'POST',
    body: JSON.stringify(body),
    headers: { 'content-type': 'application/json' },
  })

test.each(kinds)('%s (%i) has the best grade that there is', async (_, status, ask) => {
  const answer = await ask()
  await answer.body?.cancel()
  expect(answer.status).toBe(status)
  expect(grade(answer.headers)).toEqual({ points: 130, faults: [] })
})

test('nothing that is asked for with a session is kept by a cache that is shared', async () => {
  for (const [kind, , ask] of kinds) {
    const answer = await ask()
    await answer.body?.cancel()
    const isForAll = /asset|document|service worker/.test(kind)
    if (!isForAll) expect(answer.headers.get('cache-control'), kind).toMatch(/no-store|private/)
  }
})

test('a page has reports sent to us, and may use nothing but the microphone', async () => {
  const { headers } = await get('/logowanie', html)
  expect(headers.get('content-security-policy')).toContain('report-uri /api/csp-reports')
  expect(headers.get('permissions-policy')).toMatch(/camera=\(\).*geolocation=\(\).*microphone=\(self\)$/)
})

test.each<[fault: string, change: Record<string, string>, rule: string]>([
  ['inline scripts', { 'content-security-policy': "default-src 'self' 'unsafe-inline'" }, 'safe scripts'],
  ['scripts from anywhere', { 'content-security-policy': 'script-src https:' }, 'safe scripts'],
  ['inline styles', { 'content-security-policy': "style-src 'unsafe-inline'" }, 'safe styles'],
  ['no policy', { 'content-security-policy': '' }, 'no frames around it'],
  ['readers elsewhere', { 'access-control-allow-origin': '*' }, 'no readers in other origins'],
  ['a cookie for scripts', { 'set-cookie': 'a=b; SameSite=Lax' }, 'cookies that scripts cannot read'],
  ['a cookie for all sites', { 'set-cookie': 'a=b; HttpOnly' }, 'cookies that other sites cannot send'],
  ['a name of the server', { server: 'x/1.0' }, 'no word on what it runs on'],
])('the grade sees %s', async (_, change, rule) => {
  const { headers } = await get('/logowanie', html)
  const changed = new Headers(headers)
  for (const [name, value] of Object.entries(change)) changed.set(name, value)
  expect(grade(changed).faults).toContain(rule)
})
