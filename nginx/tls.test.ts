import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { connect } from 'node:http2'
import { request } from 'node:https'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { selfSigned } from '../server/testing/certificate.ts'
import { Nginx } from '../server/testing/nginx.ts'
import { Apps } from '../server/testing/nginx-service.ts'
import { Person } from '../server/testing/service.ts'

const certificates = selfSigned()
const ca = readFileSync(join(certificates, 'fullchain.pem'))
const apps = await Apps.start(1, { BASE_URL: 'https://localhost' })
const ports = [apps.ports[0]!, apps.ports[0]!]
const nginx = await Nginx.startTls(ports, certificates)
const member = { email: 'ala@example.org', username: 'ala', password: 'tajne-haslo' }

async function send(method: string, path: string, body?: object, headers: Record<string, string> = {}) {
  const all = { 'content-type': 'application/json', ...headers }
  const sending = request({ port: nginx.port, servername: 'localhost', ca, method, path, headers: all })
  const [answer] = await once(sending.end(body && JSON.stringify(body)), 'response')
  const text = Buffer.concat(await answer.toArray()).toString()
  return { status: answer.statusCode, headers: answer.headers, body: text && JSON.parse(text) }
}

test('behind TLS the session is in a cookie that only this host gets, and only with TLS', async () => {
  const { status, headers } = await send('POST', '/api/auth/register', member)
  expect(status).toBe(201)
  const [cookie] = headers['set-cookie'] as [string]
  expect(cookie).toMatch(/^__Host-rozmowa=.*; Path=\/; .*HttpOnly; Secure; SameSite=Lax/)
  const known = await send('GET', '/api/users/me', undefined, { cookie: cookie.split(';')[0]! })
  expect(known.body.user.username).toBe('ala')
  expect(known.headers['strict-transport-security']).toBe('max-age=63072000')
})

test('a stream passes as it comes over HTTP/2 too', async () => {
  const { headers } = await send('POST', '/api/auth/register', {
    ...member,
    username: 'ola',
    email: 'o@example.org',
  })
  const session = connect(`https://localhost:${nginx.port}`, { ca })
  const cookie = headers['set-cookie']![0]!.split(';')[0]!
  const stream = session.request({ ':path': '/api/messages/stream', cookie }).setEncoding('utf8')
  expect((await once(stream, 'data'))[0]).toContain('event: connected')
  expect(session.alpnProtocol).toBe('h2')
  session.destroy()
})

test('without TLS one is sent where it is', async () => {
  const answer = await fetch(`http://127.0.0.1:${nginx.plainPort}/wiadomosci/7?a=b`, { redirect: 'manual' })
  expect([answer.status, answer.headers.get('location')]).toEqual([301, 'https://127.0.0.1/wiadomosci/7?a=b'])
})

test('nobody gets a session by only saying that there is TLS', async () => {
  const plain = await Nginx.start(ports)
  const body = JSON.stringify({ ...member, username: 'ela', email: 'e@example.org' })
  const headers = { 'content-type': 'application/json', 'x-forwarded-proto': 'https' }
  const answer = await new Person(plain.address).request('POST', '/api/auth/register', { body, headers })
  expect(answer.headers.getSetCookie()).toEqual([])
  // Nor is anybody left in the dark: there would be no session at the next page.
  expect([answer.status, answer.body.code]).toEqual([403, 'insecure_proxy'])
  expect(answer.body.detail).toContain('X-Forwarded-Proto: https')
  for (const path of ['/logowanie', '/rejestracja']) {
    const form = new URLSearchParams({ ...member, username: 'ela', email: 'e@example.org' }).toString()
    const sent = { accept: 'text/html', 'content-type': 'application/x-www-form-urlencoded' }
    const page = await new Person(plain.address).request('POST', path, { body: form, headers: sent })
    expect([page.status, page.body]).toEqual([403, expect.stringContaining('X-Forwarded-Proto')])
  }
})
