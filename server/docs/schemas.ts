import { z } from 'zod'
import * as attachments from '../contract/attachments.ts'
import * as conversations from '../contract/conversations.ts'
import * as drafts from '../contract/drafts.ts'
import * as messages from '../contract/messages.ts'
import * as pins from '../contract/pins.ts'
import * as polls from '../contract/polls.ts'
import * as presence from '../contract/presence.ts'
import * as problem from '../contract/problem.ts'
import * as reactions from '../contract/reactions.ts'
import * as scheduled from '../contract/scheduled.ts'
import * as users from '../contract/users.ts'
import { examples } from './examples.ts'

export type Json = z.core.JSONSchema.BaseSchema

const contract = [
  attachments,
  conversations,
  drafts,
  messages,
  pins,
  polls,
  presence,
  problem,
  reactions,
  scheduled,
  users,
]

/** The contract's schemas have the names by which they are exported; others name themselves, by `.meta({ id })`. */
for (const [id, schema] of contract.flatMap((file) => Object.entries<unknown>({ ...file })))
  if (schema instanceof z.ZodType && /^[A-Z]/.test(id)) z.globalRegistry.add(schema, { id })

/** What is read (`input`) or written (`output`) by a zod schema. */
export type Side = z.core.ToJSONSchemaParams['io'] & string

/** JSON Schemas for one document: those with a name are kept here once, and referred to. */
export class Schemas {
  /** What belongs at `#/components/schemas`. */
  readonly named: Record<string, Json> = {}
  readonly #target: 'draft-2020-12' | 'draft-07'

  constructor(target: 'draft-2020-12' | 'draft-07') {
    this.#target = target
  }

  /**
   * The schema as JSON Schema, or a reference to it.
   * @throws Error when two schemas have one name
   */
  of(schema: z.ZodType, side: Side): Json {
    const made = z.toJSONSchema(schema, {
      io: side,
      target: this.#target,
      unrepresentable: 'any',
      override: (given) => simplify(given, side),
    })
    const { $schema, $defs, definitions, ...json } = moved(made)
    for (const [name, each] of Object.entries($defs ?? definitions ?? {})) this.#keep(name, each)
    return json
  }

  #keep(name: string, schema: Json): void {
    const known = this.named[name]
    if (known && JSON.stringify(known) !== JSON.stringify(schema))
      throw new Error(`two schemas are named ${name}`)
    this.named[name] = schema
  }
}

interface Made extends Json {
  $defs?: Record<string, Json>
  definitions?: Record<string, Json>
}

/** With references as they are in the whole document. */
const moved = (json: object): Made =>
  JSON.parse(JSON.stringify(json).replace(/"#\/(?:\$defs|definitions)\//g, '"#/components/schemas/'))

type Given = Parameters<NonNullable<z.core.ToJSONSchemaParams['override']>>[0]

function simplify({ zodSchema, jsonSchema: json }: Given, side: Side): void {
  const { id } = z.globalRegistry.get(zodSchema) ?? {}
  if (id && examples[id]) json.examples = [examples[id]]
  // A later version answers with more: programs are not to break on that.
  if (json.additionalProperties === false) delete json.additionalProperties
  // Says no more than the format, in up to half a kilobyte.
  if (json.format) delete json.pattern
  if (json.minimum === Number.MIN_SAFE_INTEGER) delete json.minimum
  if (json.maximum === Number.MAX_SAFE_INTEGER) delete json.maximum
  const { def } = zodSchema._zod
  if (side === 'input' && def.type === 'pipe' && json.type === 'string') narrow(json, def.out)
}

/** What text is checked for after it was tidied holds, roughly, for what is sent. */
function narrow(json: Json, after: z.core.$ZodType): void {
  const { type, minLength, maxLength, format } = z.toJSONSchema(after, {
    io: 'input',
    unrepresentable: 'any',
  }) as Json
  if (type !== 'string') return
  const more = Object.entries({ minLength, maxLength, format }).filter(([, value]) => value !== undefined)
  Object.assign(json, { ...Object.fromEntries(more), ...json })
}
