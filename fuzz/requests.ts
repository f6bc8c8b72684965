import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import type { Random } from '../chaos/random.ts'
import { type Actor, multipart, pixel } from './actors.ts'
import type { Operation, Parameter } from './document.ts'
import { brokenBody, hostileText, hostileValue, spoil } from './hostile.ts'
import type { Sent } from './send.ts'
import { fitting, type Means, type Place } from './values.ts'

/** A request, and what it is of. */
export interface Asked extends Sent {
  actor: Actor
  operation: Operation
  /** Whether it meets the operation for sure: a path may be spoilt so that it leads elsewhere. */
  isRouted: boolean
}

/** How much is wrong with it. */
type Mood = 'fitting' | 'spoilt' | 'hostile'

const sample = (arbitrary: fc.Arbitrary<unknown>, random: Random): unknown =>
  fc.sample(arbitrary, { numRuns: 1, seed: random.below(2 ** 31) })[0]

/** A request to an operation: one in two fits the schemas, in the others something is wrong. */
export function makeRequest(operation: Operation, actor: Actor, means: Means, random: Random): Asked {
  const mood = random.pick<Mood>(['fitting', 'fitting', 'fitting', 'spoilt', 'spoilt', 'hostile'])
  const values = (name: string) => {
    const place: Place = { name, path: operation.path, operation: operation.name }
    return (schema: Parameter['schema']) => sample(fitting(schema, place, means), random)
  }
  const { path, isRouted } = pathOf(operation, values, mood, random)
  const query = queryOf(operation, values, mood, random)
  const headers = { ...actor.credentials, ...oddHeaders(operation, mood, random) }
  const sent = operation.body
    ? bodyOf(operation.body, values(''), mood, random)
    : strayBody(operation, mood, random)
  const method =
    mood === 'hostile' && random.chance(0.05) ? random.pick(['HEAD', 'OPTIONS', 'PUT', 'TRACE']) : undefined
  return {
    actor,
    operation,
    isRouted: isRouted && !method,
    method: method ?? operation.method,
    path: path + query,
    headers: { ...headers, ...sent.headers },
    body: sent.body,
  }
}

type Values = (name: string) => (schema: Parameter['schema']) => unknown

function pathOf({ path, parameters }: Operation, values: Values, mood: Mood, random: Random) {
  let isRouted = true
  const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => {
    const { schema } = parameters.find((each) => each.in === 'path' && each.name === name)!
    if (mood === 'fitting' || random.chance(0.7)) return encodeURIComponent(wellFormed(values(name)(schema)))
    const text = hostileText(random)
    // What is no text, or has dots alone, is not matched by the router, or by another path.
    if (/%(?![\dA-F]{2})|^\.+$|%2e|%2f|%E0|%F0|%ED/i.test(text)) isRouted = false
    return text
  })
  return { path: filled, isRouted }
}

const wellFormed = (value: unknown) => String(value).toWellFormed()

function queryOf({ parameters }: Operation, values: Values, mood: Mood, random: Random): string {
  const pairs = parameters
    .filter((each) => each.in === 'query')
    .filter(({ required }) => (required && random.chance(0.95)) || random.chance(0.35))
    .map(({ name, schema }) => {
      if (mood !== 'fitting' && random.chance(0.4)) return `${name}=${hostileText(random)}`
      return `${name}=${encodeURIComponent(wellFormed(values(name)(schema)))}`
    })
  if (mood !== 'fitting' && pairs.length > 0 && random.chance(0.15)) pairs.push(random.pick(pairs))
  if (mood === 'hostile' && random.chance(0.2))
    pairs.push(
      random.pick(['__proto__[a]=1', 'limit[]=1', 'limit[a]=1', '&&==', 'constructor=1', 'a'.repeat(7000)]),
    )
  return pairs.length > 0 ? `?${pairs.join('&')}` : ''
}

function bodyOf(
  { type, schema }: NonNullable<Operation['body']>,
  value: (schema: object) => unknown,
  mood: Mood,
  random: Random,
) {
  if (type === 'multipart/form-data') return fileOf(mood, random)
  let made = value(schema)
  for (let times = mood === 'spoilt' ? 1 + random.below(2) : 0; times > 0; times--) made = spoil(made, random)
  const json = JSON.stringify(made) ?? ''
  const plain = {
    headers: { 'content-type': 'application/json' } as Sent['headers'],
    body: Buffer.from(json),
  }
  if (mood !== 'hostile') return plain
  switch (random.below(5)) {
    case 0:
      return { ...plain, body: Buffer.from(JSON.stringify(hostileValue(random))) }
    case 1:
      return { ...plain, headers: { 'content-type': oddType(random) } }
    case 2:
      return compressed(plain.body, random)
    default:
      return { ...plain, body: brokenBody(json, random) }
  }
}

const oddType = (random: Random) =>
  random.pick([
    'text/plain',
    'application/xml',
    'application/json; charset=klingon',
    'application/json; charset=utf-16',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'multipart/form-data',
    'application/problem+json',
    '',
    ';',
    'application/json; charset=utf-8; charset=utf-7',
  ])

/** Also one that grows a thousandfold. */
function compressed(body: Buffer, random: Random) {
  const big = Buffer.alloc(20 * 1024 * 1024, ' ')
  const [encoding, sent] = random.pick<() => [string, Buffer]>([
    () => ['gzip', gzipSync(body)],
    () => ['gzip', gzipSync(big)],
    () => ['gzip', body],
    () => ['deflate', body],
    () => ['br', body],
    () => ['klingon', body],
    () => ['gzip, gzip', gzipSync(gzipSync(body))],
  ])()
  return { headers: { 'content-type': 'application/json', 'content-encoding': encoding }, body: sent }
}

function fileOf(mood: Mood, random: Random): Pick<Sent, 'headers' | 'body'> {
  const names = [
    'a.txt',
    'zdjęcie.png',
    '../../x',
    'a\\"b.html',
    'x'.repeat(300),
    '.htaccess',
    'con',
    'a.svg',
    '',
  ]
  const contents = [
    'treść',
    '<script>alert(1)</script>',
    pixel,
    pixel.subarray(0, 40),
    '%PDF-1.7',
    '<svg onload=x>',
    '',
  ]
  const whole = multipart(random.pick(names), random.pick(contents))
  if (mood === 'fitting') return whole
  return random.pick<() => Pick<Sent, 'headers' | 'body'>>([
    () => whole,
    () => multipart('a.txt', 'x', 'other'),
    () => multipart('a.bin', Buffer.alloc(700 * 1024)),
    () => ({ ...whole, body: whole.body.subarray(0, random.below(whole.body.length)) }),
    () => ({ ...whole, body: Buffer.concat([whole.body, whole.body]) }),
    () => ({ ...whole, headers: { 'content-type': oddType(random) } }),
    () => ({ ...whole, body: brokenBody('{}', random) }),
    () => ({ ...whole, headers: { 'content-type': `multipart/form-data; boundary=${'x'.repeat(500)}` } }),
  ])()
}

/** Where none is expected. */
function strayBody({ method }: Operation, mood: Mood, random: Random): Pick<Sent, 'headers' | 'body'> {
  if (method === 'GET' || mood === 'fitting' || random.chance(0.5)) return { headers: {} }
  return { headers: { 'content-type': 'application/json' }, body: brokenBody('{"a":1}', random) }
}

function oddHeaders({ path }: Operation, mood: Mood, random: Random): Sent['headers'] {
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
