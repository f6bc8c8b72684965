import { z } from 'zod'
import type { Declaration } from '../contract/endpoints.ts'
import { exampleOf } from './example.ts'
import type { Json, Schemas } from './schemas.ts'

interface Parameter {
  name: string
  in: 'path' | 'query'
  required: boolean
  description?: string
  schema: Json
  example?: unknown
  /** A list is one value, its items separated by commas. */
  explode?: false
}

/** What a parameter means wherever it has this name. */
const meanings: Record<string, string> = {
  limit: 'The size of a page.',
  cursor: 'The `next_cursor` of the page before.',
  before_id: 'Only messages older than this one.',
  after_id: 'Only messages newer than this one.',
  around_id: 'The page around this message.',
  at: 'The page around the first message at or after this time; the newest, when there is none.',
  after_seq: 'The `seq` up to which the caller knows everything.',
  stars_from_id: 'Asks which messages are starred, of the 500 that begin with this one.',
  query: 'A piece of the name.',
  q: 'Words, or beginnings of words.',
  since: 'Only what was sent at that time, or later.',
  until: 'Only what was sent before that time.',
  filter: '`all` leaves out the archived ones, `any` nothing.',
  emoji: 'One emoji, percent-encoded.',
  last_event_id: 'The id of the last event that was read: the stream begins with what came after it.',
  attended: 'Of the page: whether it is visible.',
}

/** The parameters of an endpoint, those of its path first. */
export function parametersOf(path: string, { params, query }: Declaration, schemas: Schemas): Parameter[] {
  const inPath = { ...undeclared(path), ...fieldsOf(params) }
  return [
    ...Object.entries(inPath).map(([name, field]) => parameter(name, 'path', field, schemas)),
    ...Object.entries(fieldsOf(query)).map(([name, field]) => parameter(name, 'query', field, schemas)),
  ]
}

const undeclared = (path: string): Record<string, z.ZodType> =>
  Object.fromEntries(path.matchAll(/:(\w+)/g).map(([, name]) => [name, z.string()]))

/** @throws Error for what is no object of named fields */
function fieldsOf(schema: z.ZodType | undefined): Record<string, z.ZodType> {
  if (!schema) return {}
  if (schema instanceof z.ZodObject) return schema.shape as Record<string, z.ZodType>
  throw new Error('parameters must be declared as z.object()')
}

function parameter(name: string, place: Parameter['in'], field: z.ZodType, schemas: Schemas): Parameter {
  const schema = schemas.of(field, hasReadForm(field) ? 'output' : 'input')
  const description = meanings[name]
  return {
    name,
    in: place,
    required: place === 'path' || field._zod.optin === undefined,
    ...(description && { description }),
    schema,
    ...(place === 'path' && { example: exampleOf(schema, schemas.named, name) }),
    ...(schema.type === 'array' && { explode: false }),
  }
}

/**
 * Whether it is known what the text of a parameter is read as. That is what OpenAPI describes, a number for instance;
 * otherwise it is a text.
 */
function hasReadForm(field: z.ZodType): boolean {
  try {
    return Boolean(z.toJSONSchema(field, { io: 'output' }))
  } catch {
    return false
  }
}
