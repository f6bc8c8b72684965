import type { Random } from '../chaos/random.ts'

/** How much is wrong with a request. */
export type Mood = 'fitting' | 'spoilt' | 'hostile'

/** JSON has numbers that no double holds. */
const number = (text: string) => (JSON as unknown as { rawJSON(text: string): unknown }).rawJSON(text)
/** A literal would set the prototype. */
const parsed = (json: string): unknown => JSON.parse(json)

const nested = (depth: number, open: string, close: string) => `${open.repeat(depth)}${close.repeat(depth)}`

/** Values that no field expects, or that break what is careless. */
const values: unknown[] = [
  null,
  true,
  0,
  -1,
  1.5,
  '',
  ' ',
  [],
  {},
  [null],
  [[[]]],
  'a\0b',
  '\ud800',
  '\udc00x',
  '\ufeff',
  '\u2028',
  'x'.repeat(70_000),
  '😀'.repeat(6000),
  'a\u0301'.repeat(3000),
  "'; drop table users; --",
  '<script>alert(1)</script>',
  '../../../../etc/passwd',
  '%00%2e%2e%2f',
  '{{7*7}}',
  'constructor',
  '__proto__',
  'NaN',
  'true',
  '1',
  2 ** 53,
  -(2 ** 63),
  number('9223372036854775808'),
  number('1e400'),
  number('-0'),
  number('0.1e-400'),
  '0000-01-01T00:00:00.000Z',
  '9999-12-31T23:59:60Z',
  '+275760-09-13T00:00:00.000Z',
  '2026-02-30T00:00:00.000Z',
  '2026-01-01T00:00:00+23:59',
  '1970-01-01T00:00:00.000000000000001Z',
  parsed('{"__proto__":{"id":1}}'),
  parsed('{"constructor":{"prototype":{"id":1}}}'),
  { toString: 1, valueOf: 2, length: -1 },
  { $ne: '' },
  Array.from({ length: 1001 }, (_, i) => i + 1),
  Array.from({ length: 20 }, () => 1),
  parsed(nested(200, '[', ']')),
]

export const hostileValue = (random: Random): unknown => random.pick(values)

/** For a path or a query: raw, as it stands in the address. */
const texts = [
  '0',
  '-1',
  '1.5',
  '1e3',
  '0x10',
  '%201',
  '9223372036854775808',
  '999999999999999',
  '9007199254740993',
  '%00',
  '%F0%9F',
  '%E0%A4%A',
  '%',
  '%D9%A1',
  '%ED%A0%80',
  "1'--",
  '..',
  '%2e%2e%2f',
  'null',
  'undefined',
  '__proto__',
  'constructor',
  '[object%20Object]',
  '1,2,,3',
  ',',
  '1;2',
  '%0d%0aX-A:%20b',
  '0000-01-01T00:00:00Z',
  '2026-13-01T00:00:00Z',
  '9999-12-31T23:59:59-14:00',
  '-271821-04-20T00:00:00Z',
  'W10',
  'WyIyMDI2LTAxLTAxVDAwOjAwOjAwLjAwMFoiLDFd',
  'WzFd',
  'WzFlNDAwXQ',
  'WyJcdTAwMDAiLDFd',
  'WyJcdWQ4MDAiLDFd',
  'eyJfX3Byb3RvX18iOjF9',
  'x'.repeat(3000),
]

export const hostileText = (random: Random): string => random.pick(texts)

/** A value with something in it that does not fit; in place where it can be. */
export function spoil(value: unknown, random: Random): unknown {
  if (typeof value !== 'object' || value === null || random.chance(0.05)) return hostileValue(random)
  const keys = Object.keys(value)
  const copy = (Array.isArray(value) ? [...value] : { ...value }) as Record<string, unknown>
  const key = keys.length > 0 ? random.pick(keys) : 'id'
  if (random.chance(0.2)) delete copy[key]
  else if (random.chance(0.15))
    define(copy, random.pick(['__proto__', 'constructor', 'id', 'is_admin', '']), 1)
  else if (random.chance(0.3)) copy[key] = spoil(copy[key], random)
  else copy[key] = hostileValue(random)
  return copy
}

const define = (on: object, key: string, value: unknown) =>
  Object.defineProperty(on, key, { value, enumerable: true, configurable: true })

/** What is no JSON, or only nearly, as bytes. @param json what would have been sent */
export function brokenBody(json: string, random: Random): Buffer {
  const wrong = [
    () => '{',
    () => '',
    () => ' ',
    () => json.slice(0, random.below(json.length + 1)),
    () => `${json}}`,
    () => `\ufeff${json}`,
    () => json.replace('{', '{"id":1,"id":null,"__proto__":{"a":1},'),
    () => json.replaceAll('"', "'"),
    () => nested(20_000, '[', ']'),
    () => nested(5000, '{"a":', '}'),
    () => `{"content":"${'x'.repeat(300_000)}"}`,
    () => 'undefined',
    () => '{"content":NaN}',
    () => Buffer.from(json, 'utf16le'),
    () => Buffer.concat([Buffer.from('{"content":"'), Buffer.from([0xff, 0xc0, 0x80]), Buffer.from('"}')]),
    () => 'content=x&content=y&__proto__[a]=1',
  ]
  return Buffer.from(random.pick(wrong)() as string)
}
