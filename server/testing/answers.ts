import { deepStrictEqual } from 'node:assert'
import type { z } from 'zod'
import { endpoints as messengerCore } from '../clients/messenger-core/endpoints.ts'
import { endpoints as ofNodus } from '../clients/nodus/endpoints.ts'
import { endpoints as ofPresenceClient } from '../clients/presence/endpoints.ts'
import {
  type Answer,
  type Declaration,
  type EndpointName,
  endpoints,
  statusesOf,
} from '../contract/endpoints.ts'
import { events } from '../contract/events.ts'
import type { Problem } from '../contract/problem.ts'

type Segments<Path extends string> = Path extends `${infer First}/${infer Rest}`
  ? [First, ...Segments<Rest>]
  : [Path]
type Fits<Declared extends string[], Given extends string[]> = Declared extends [
  infer D extends string,
  ...infer DeclaredRest extends string[],
]
  ? Given extends [infer G extends string, ...infer GivenRest extends string[]]
    ? D extends `:${string}` | G
      ? Fits<DeclaredRest, GivenRest>
      : false
    : false
  : Given extends []
    ? true
    : false
type WithoutQuery<Path extends string> = Path extends `${infer Before}?${string}` ? Before : Path
type FittingName<Asked extends string> = {
  [Name in EndpointName]: Fits<Segments<Name>, Segments<Asked>> extends true ? Name : never
}[EndpointName]
type NameOf<Asked extends string> = Asked extends EndpointName ? Asked : FittingName<Asked>

/**
 * What a test finds in the body: the contract's answer, or its problem when it was refused; the test says which by
 * asserting it. What is no endpoint answers with text; of a path that is worked out nothing is known.
 */
export type BodyOf<Method extends string, Path extends string> = string extends Path
  ? // biome-ignore lint/suspicious/noExplicitAny: see above
    any
  : [NameOf<`${Method} ${WithoutQuery<Path>}`>] extends [infer Name extends EndpointName]
    ? [Name] extends [never]
      ? string
      : Answer<Name> extends undefined
        ? Problem
        : Answer<Name> & Problem
    : string

const declared = Object.entries<Declaration>({
  ...endpoints,
  ...messengerCore,
  ...ofNodus,
  ...ofPresenceClient,
}).map(([name, declaration]) => {
  const [method, path] = name.split(' ') as [string, string]
  return { method, pattern: new RegExp(`^${path.replace(/:\w+/g, '[^/]+')}$`), path, ...declaration }
})

/** @throws Error when an answer is not what the contract says, its status or a field more included */
export function checkAnswer(method: string, path: string, status: number, body: unknown): void {
  const fitting = declared.filter((each) => each.method === method && each.pattern.test(path.split('?')[0]!))
  const endpoint = fitting.find((each) => each.path === path.split('?')[0]) ?? fitting[0]
  // A piece of a file, as it was asked for.
  if (!endpoint || status === 206) return
  if (!statusesOf(endpoint).includes(status)) throw new Error(`the contract does not say ${path} → ${status}`)
  const { answer, otherwise } = endpoint
  const shape = otherwise && !answer?.safeParse(body).success ? otherwise : answer
  if (shape) checkShape(shape, body)
}

/** @throws AssertionError */
export function checkEvent(name: string, data: unknown): void {
  const shape = (events as Record<string, z.ZodType>)[name]
  if (!shape) throw new Error(`the contract has no event ${name}`)
  checkShape(shape, data)
}

/** What a schema does not declare it leaves out. */
const checkShape = (shape: z.ZodType, data: unknown) => deepStrictEqual(shape.parse(data), data)
