import { gzipSync } from 'node:zlib'
import type { Random } from '../chaos/random.ts'
import { multipart, pixel } from './actors.ts'
import type { Operation } from './document.ts'
import { brokenBody, hostileValue, type Mood, spoil } from './hostile.ts'
import type { Sent } from './send.ts'

/** A body for an operation that takes one. @param value makes one that fits */
export function bodyOf(
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
export function strayBody({ method }: Operation, mood: Mood, random: Random): Pick<Sent, 'headers' | 'body'> {
  if (method === 'GET' || mood === 'fitting' || random.chance(0.5)) return { headers: {} }
  return { headers: { 'content-type': 'application/json' }, body: brokenBody('{"a":1}', random) }
}
