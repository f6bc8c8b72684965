import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'

/** A JSON Schema, as far as it is read here. */
export interface Schema {
  $ref?: string
  type?: string
  const?: unknown
  enum?: unknown[]
  anyOf?: Schema[]
  oneOf?: Schema[]
  allOf?: Schema[]
  properties?: Record<string, Schema>
  required?: string[]
  items?: Schema
  format?: string
  pattern?: string
  minLength?: number
  maxLength?: number
  minItems?: number
  maxItems?: number
  minimum?: number
  maximum?: number
}

export interface Parameter {
  name: string
  in: 'path' | 'query'
  required: boolean
  schema: Schema
  explode?: false
}

type Content = Record<string, { schema: Schema; examples?: Record<string, unknown> }>
interface Response {
  $ref?: string
  content?: Content
}

export interface Operation {
  /** `GET /api/users/{id}` */
  name: string
  method: string
  path: string
  parameters: Parameter[]
  /** Of its body, when it takes one. */
  body?: { type: string; schema: Schema } | undefined
  responses: Record<string, Response>
}

type Written = Omit<Operation, 'name' | 'method' | 'path' | 'body'> & { requestBody?: { content: Content } }
interface Json {
  paths: Record<string, Record<string, Written>>
  components: { schemas: Record<string, Schema>; responses: Record<string, Response> }
}

/** The service's own OpenAPI document: what may be asked, and what is answered. */
export class ApiDocument {
  readonly operations: Operation[]
  readonly #json: Json
  readonly #ajv: Ajv2020
  readonly #compiled = new Map<string, ValidateFunction>()

  constructor(json: Json) {
    this.#json = json
    this.#ajv = new Ajv2020({ strict: false, allErrors: false, logger: false })
    addFormats.default(this.#ajv)
    this.#ajv.addSchema(closed({ ...json, $id: 'api' }) as object)
    this.operations = Object.entries(json.paths).flatMap(([path, item]) =>
      Object.entries(item).map(([method, written]) => operation(method.toUpperCase(), path, written)),
    )
  }

  schema = (name: string): Schema => this.#json.components.schemas[name.split('/').at(-1)!]!

  /** @returns what is wrong with an answer; undefined when it is as documented, with no field too many */
  complaint({ responses }: Operation, status: number, type: string, body: unknown): string | undefined {
    const found = responses[status]
    if (!found) return `status ${status} is not documented`
    const { content } = found.$ref ? this.#json.components.responses[found.$ref.split('/').at(-1)!]! : found
    if (!content) return body === '' ? undefined : 'has a body, though none is documented'
    const media = content[type] ?? content['*/*']
    if (!media) return `has the type ${type || 'none'}, not ${Object.keys(content)}`
    if (!type.endsWith('json')) return undefined
    return this.#misfit(media.schema, body) ?? unknownCode(media, type, body)
  }

  /** @returns what is wrong with what is no answer of an operation, and so a problem of either kind */
  generalComplaint(body: unknown): string | undefined {
    const [problem, detail] = ['Problem', 'Detail'].map((name) =>
      this.#misfit({ $ref: `#/components/schemas/${name}` }, body),
    )
    return problem && detail
  }

  #misfit(schema: Schema, body: unknown): string | undefined {
    const key = JSON.stringify(closed(schema))
    let validate = this.#compiled.get(key)
    if (!validate) {
      validate = this.#ajv.compile(JSON.parse(key.replaceAll('"#/components/', '"api#/components/')))
      this.#compiled.set(key, validate)
    }
    return validate(body) ? undefined : `does not fit its schema: ${this.#ajv.errorsText(validate.errors)}`
  }
}

/** Each code that a problem may have has an example. */
function unknownCode({ examples = {} }: Content[string], type: string, body: unknown): string | undefined {
  const { code } = Object(body)
  const isKnown = type !== 'application/problem+json' || Object.hasOwn(examples, code)
  return isKnown ? undefined : `code ${code} is not documented`
}

function operation(method: string, path: string, { requestBody, ...written }: Written): Operation {
  const [type, media] = Object.entries(requestBody?.content ?? {})[0] ?? []
  const body = media && { type: type!, schema: media.schema }
  return { name: `${method} ${path}`, method, path, ...written, body }
}

/** To programs, answers may grow; here a field that nobody documented is one too many. */
function closed(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(closed)
  if (typeof schema !== 'object' || schema === null) return schema
  const entries = Object.entries(schema).map(([key, value]) => [
    key,
    key === 'examples' ? value : closed(value),
  ])
  const copy = Object.fromEntries(entries)
  if (copy.type === 'object' && copy.properties) copy.additionalProperties ??= false
  return copy
}
