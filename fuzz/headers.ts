import type { Random } from '../chaos/random.ts'
import type { Operation } from './document.ts'
import type { Mood } from './hostile.ts'
import type { Sent } from './send.ts'

/** What a browser, a proxy or somebody else may add to a request. */
export function oddHeaders({ path }: Operation, mood: Mood, random: Random): Sent['headers'] {
  if (/\/(?:ws|realtime)$/.test(path) && random.chance(0.7)) return handshake(mood)
  if (path.endsWith('/stream') && random.chance(0.5)) return { 'last-event-id': hostileHeader(random) }
  if (mood === 'fitting') return {}
  const odd: Sent['headers'][] = [
    {},
    {},
    {},
    { 'sec-fetch-site': 'cross-site' },
    { origin: 'https://evil.invalid' },
    { origin: 'null' },
    { authorization: 'Bearer a.b.c' },
    { authorization: 'Basic YTpi' },
    { authorization: `Bearer ${'x'.repeat(9000)}` },
    { cookie: 'rozmowa=s%3Aabc.def; rozmowa-device=~~~.' },
    { cookie: `rozmowa=${'s'.repeat(4000)}` },
    { accept: 'text/html' },
    { 'accept-language': 'x'.repeat(2000) },
    { 'if-none-match': '*' },
    { range: 'bytes=0-1,5-,-3' },
    { range: 'bytes=99999999999999999999-' },
    { 'x-forwarded-for': "1.2.3.4, ::1, '; drop" },
    { 'x-forwarded-host': 'evil.invalid' },
    { 'x-http-method-override': 'DELETE' },
    { 'x-request-id': hostileHeader(random) },
    { host: 'evil.invalid' },
    { expect: 'nothing' },
  ]
  return random.pick(odd)
}

const hostileHeader = (random: Random) =>
  random.pick([
    '',
    '0',
    '-1',
    '1e999',
    'a:b',
    '9'.repeat(40),
    '1:1',
    '99999999999999:1',
    '__proto__',
    "'--",
    'x'.repeat(4000),
  ])

const handshake = (mood: Mood): Sent['headers'] => ({
  connection: 'Upgrade',
  upgrade: 'websocket',
  'sec-websocket-version': mood === 'hostile' ? '7' : '13',
  'sec-websocket-key': mood === 'spoilt' ? 'x' : 'dGhlIHNhbXBsZSBub25jZQ==',
})
