import type { AddressInfo } from 'node:net'
import express from 'express'
import { afterAll, expect, test } from 'vitest'
import { config } from '../config.ts'
import { metrics } from './metrics.ts'

const token = 'only-for-prometheus'
const app = express()
// Two proxies: one on this machine, and one in a network of ours.
app.set('trust proxy', ['loopback', '10.0.0.0/8'])
app.use(metrics)
const server = app.listen(0, '127.0.0.1')
afterAll(() => server.close())

/** @param forwardedFor what the proxy on this machine says of the client; nothing when there is none */
async function ask(has: string | undefined, forwardedFor?: string, authorization?: string) {
  Object.assign(config, { metricsToken: has })
  const { port } = server.address() as AddressInfo
  const headers = {
    ...(forwardedFor !== undefined && { 'x-forwarded-for': forwardedFor }),
    ...(authorization !== undefined && { authorization }),
  }
  const answer = await fetch(`http://127.0.0.1:${port}/metrics`, { headers })
  return { status: answer.status, headers: answer.headers, text: await answer.text() }
}

test.each<[string, string | undefined, string | undefined]>([
  ['this machine needs no token', undefined, undefined],
  ['this machine needs no token where there is one', token, undefined],
  ['a client on this machine, behind the proxy, needs none', undefined, '127.0.0.1'],
  ['so does one by IPv6', undefined, '::1'],
])('%s', async (_, has, forwardedFor) => {
  const { status, headers, text } = await ask(has, forwardedFor)
  expect(status).toBe(200)
  expect(headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8')
  expect(headers.get('cache-control')).toBe('no-store')
  expect(text).toMatch(/^rozmowa_messages_total\{outcome="sent"\} 0$/m)
})

const elsewhere = '203.0.113.7'

test.each<[string, string, string | undefined]>([
  ['elsewhere the token is needed', elsewhere, undefined],
  ['a wrong one is none', elsewhere, 'Bearer only-for-somebody-else'],
  ['nor is its beginning', elsewhere, `Bearer ${token.slice(0, -1)}`],
  ['nor is it in another scheme', elsewhere, `Basic ${token}`],
  ['nor is nothing', elsewhere, 'Bearer '],
  ['who claims to be here is where the proxy saw them', `127.0.0.1, ${elsewhere}`, undefined],
  ['so is whoever claims it from a network that is trusted', '127.0.0.1, 10.0.0.9', undefined],
  ['nobody who says no address is here', 'unknown', undefined],
])('%s', async (_, forwardedFor, authorization) => {
  const refused = await ask(token, forwardedFor, authorization)
  expect(refused.status).toBe(401)
  expect(refused.headers.get('www-authenticate')).toBe('Bearer')
  expect(refused.text).toContain('METRICS_TOKEN')
  expect(refused.text).not.toContain('rozmowa_')
})

test('elsewhere the token is enough', async () => {
  expect((await ask(token, elsewhere, `Bearer ${token}`)).status).toBe(200)
  expect((await ask(token, elsewhere, `bearer  ${token}`)).status).toBe(200)
})

test('without a token nobody else can read them, whatever they bring', async () => {
  expect((await ask(undefined, elsewhere)).status).toBe(403)
  expect((await ask(undefined, elsewhere, 'Bearer undefined')).status).toBe(403)
})
