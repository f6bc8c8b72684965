import fc, { type Arbitrary } from 'fast-check'
import type { ApiDocument, Schema } from './document.ts'
import { markup } from './markup.ts'
import { kindOfField, type Pool } from './pool.ts'

/** What values are made from. */
export interface Means {
  document: ApiDocument
  pool: Pool
  /** E-mail addresses that there are; all of them with this password. */
  emails: readonly string[]
  password: string
}

/** For whom a value is: of which operation, and under which name. */
export interface Place {
  name: string
  path: string
  operation: string
}

/** Values that fit a schema, and name what is there. */
export function fitting(schema: Schema, place: Place, means: Means): Arbitrary<unknown> {
  const known = schema.type === 'array' || schema.type === 'object' ? undefined : telling(place, means)
  const shaped = byShape(schema, place, means)
  return known ? fc.oneof({ arbitrary: known, weight: 9 }, { arbitrary: shaped, weight: 1 }) : shaped
}

/** By its name, which says more than its schema. */
function telling(place: Place, { pool, emails, password }: Means): Arbitrary<unknown> | undefined {
  const kind = kindOfField(place.name, place.path)
  if (kind) return oneOf([...pool.recent(kind).slice(-5), ...pool.of(kind)])
  if (place.name === 'cursor') return oneOf(pool.of(`cursor of ${place.operation}`))
  if (place.name === 'refresh_token') return oneOf(pool.of('refresh_token'))
  if (place.name === 'content') return markup(pool)
  if (place.name === 'emoji') return fc.constantFrom('👍', '❤️', '🏳️‍🌈', '👨‍👩‍👧‍👦', '1️⃣')
  if (place.name === 'email') return fc.oneof(fc.constantFrom(...emails), fc.emailAddress())
  if (place.name === 'password')
    return fc.oneof(fc.constant(password), fc.string({ minLength: 8, maxLength: 200 }))
  if (place.name === 'username') return fc.stringMatching(/^[a-z][a-z0-9._-]{3,20}$/)
  if (place.name === 'scope') return fc.constantFrom('', 'read', 'read write account', 'write read', 'all')
  if (place.name === 'q' || place.name === 'query')
    return fc.constantFrom('dzień', 'zobacz', 'plik', 'ow', 'treść')
  if (place.name === 'endpoint') return fc.nat(30).map((nr) => `https://push.invalid/${nr}`)
  if (place.name === 'p256dh') return fc.constant(publicKey)
  if (place.name === 'auth') return fc.constant('A'.repeat(22))
  if (place.name === 'option_ids') return fc.integer({ min: 1, max: 12 })
  if (/^(?:send_at|closes_at|muted_until)$/.test(place.name)) return soon
  return undefined
}

const oneOf = (values: readonly unknown[]) => (values.length > 0 ? fc.constantFrom(...values) : undefined)
/** Of P-256: an example of RFC 8291. */
const publicKey = 'BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4'
const hour = 3_600_000
const soon = fc
  .integer({ min: -1, max: 24 * 400 })
  .map((hours) => new Date(Date.now() + hours * hour).toISOString())

function byShape(schema: Schema, place: Place, means: Means): Arbitrary<unknown> {
  if (schema.$ref) return fitting(means.document.schema(schema.$ref), place, means)
  const { const: only, enum: several, anyOf, oneOf, allOf } = schema
  if (only !== undefined) return fc.constant(only)
  if (several) return fc.constantFrom(...several)
  const choices = anyOf ?? oneOf ?? allOf
  if (choices) return fc.oneof(...choices.map((each) => fitting(each, place, means)))
  if (schema.type === 'array') return list(schema, place, means)
  if (schema.type === 'object') return object(schema, place, means)
  return scalar(schema)
}

function list({ items = {}, minItems = 0, maxItems = 6 }: Schema, place: Place, means: Means) {
  const lengths = { minLength: Math.min(minItems, 6), maxLength: Math.max(minItems, Math.min(maxItems, 6)) }
  return fc.array(fitting(items, place, means), lengths)
}

function object({ properties = {}, required = [] }: Schema, place: Place, means: Means) {
  const fields: Record<string, Arbitrary<unknown>> = {}
  for (const [name, field] of Object.entries(properties))
    fields[name] = fitting(field, { ...place, name }, means)
  return fc.record(fields, { requiredKeys: required, noNullPrototype: true })
}

function scalar(schema: Schema): Arbitrary<unknown> {
  const { minimum = -(2 ** 31), maximum = 2 ** 53 - 1 } = schema
  switch (schema.type) {
    case 'integer':
      return fc.maxSafeInteger().map((any) => clamp(any, minimum, maximum))
    case 'number':
      return fc.double({ min: minimum, max: maximum, noNaN: true })
    case 'boolean':
      return fc.boolean()
    case 'null':
      return fc.constant(null)
    case 'string':
      return text(schema)
    default:
      return fc.jsonValue()
  }
}

function clamp(any: number, least: number, most: number): number {
  // Small numbers are those that a page size, a duration or an id is likely to have.
  const size = Math.min(most - least, 10 ** (Math.abs(any) % 16))
  return least + (Math.abs(any) % (size + 1))
}

function text({ format, pattern, minLength = 0, maxLength = 200 }: Schema): Arbitrary<string> {
  if (format === 'uuid') return fc.uuid()
  if (format === 'email') return fc.emailAddress()
  if (format === 'date-time')
    return fc
      .date({ min: new Date(0), max: new Date('2100-01-01'), noInvalidDate: true })
      .map((at) => at.toISOString())
  if (pattern) return fc.stringMatching(new RegExp(pattern, 'u'))
  const lengths = { minLength, maxLength: Math.min(maxLength, 300) }
  return fc.oneof(
    fc.string(lengths),
    fc.string({ ...lengths, unit: 'grapheme' }).map((all) => all.slice(0, maxLength)),
  )
}
