import fc from 'fast-check'
import type { Random } from '../chaos/random.ts'
import type { Actor } from './actors.ts'
import { bodyOf, strayBody } from './bodies.ts'
import type { Operation, Parameter } from './document.ts'
import { oddHeaders } from './headers.ts'
import { hostileText, type Mood } from './hostile.ts'
import type { Sent } from './send.ts'
import { fitting, type Means, type Place } from './values.ts'

/** A request, and what it is of. */
export interface Asked extends Sent {
  actor: Actor
  operation: Operation
  /** Whether it meets the operation for sure: a path may be spoilt so that it leads elsewhere. */
  isRouted: boolean
}

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
