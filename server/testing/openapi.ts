import { z } from 'zod'

const Ref = z.strictObject({ $ref: z.string() })
const Json = z.record(z.string(), z.unknown())
const Content = z.record(
  z.string().regex(/^[\w*-]+\/[\w*+.-]+$/),
  z.strictObject({ schema: Json, examples: Json.optional() }),
)
const Answered = z.strictObject({
  description: z.string().min(1),
  headers: Json.optional(),
  content: Content.optional(),
})
const Operation = z.strictObject({
  operationId: z.string().regex(/^[a-z][A-Za-z0-9]+$/),
  tags: z.array(z.string()).length(1),
  summary: z.string().regex(/^[A-Z].*\.$/),
  description: z
    .string()
    .regex(/^[A-Z].*\.$/s)
    .optional(),
  security: z.array(z.never()).optional(),
  parameters: z.array(
    z.strictObject({
      name: z.string(),
      in: z.enum(['path', 'query']),
      required: z.boolean(),
      description: z.string().optional(),
      schema: Json,
      example: z.unknown().optional(),
      explode: z.boolean().optional(),
    }),
  ),
  requestBody: z.strictObject({ required: z.boolean(), content: Content }).optional(),
  responses: z.record(z.string().regex(/^[1-5]\d\d$/), z.union([Ref, Answered])),
})
/** What OpenAPI 3.1 says of a document, as far as this one makes use of it, and what we ask of ours. */
const Document = z.strictObject({
  openapi: z.string().regex(/^3\.1\.\d+$/),
  info: z.strictObject({ title: z.string(), version: z.string(), description: z.string() }),
  tags: z.array(z.strictObject({ name: z.string(), description: z.string() })),
  security: z.array(z.record(z.string(), z.array(z.never()))),
  paths: z.record(
    z.string().startsWith('/'),
    z.partialRecord(z.enum(['get', 'put', 'post', 'patch', 'delete']), Operation),
  ),
  components: z.strictObject({
    schemas: z.record(z.string().regex(/^[\w.-]+$/), Json),
    responses: z.record(z.string(), Answered),
    securitySchemes: z.record(z.string(), Json),
  }),
})

type Answered = z.infer<typeof Ref> | z.infer<typeof Answered>

/** Our own document, checked, with what tests ask it. @throws ZodError when it is not OpenAPI */
export class OpenApi {
  readonly document: z.infer<typeof Document>
  readonly operations: { path: string; method: string; operation: z.infer<typeof Operation> }[]

  constructor(json: unknown) {
    this.document = Document.parse(json)
    this.operations = Object.entries(this.document.paths).flatMap(([path, item]) =>
      Object.entries(item).map(([method, operation]) => ({ path, method, operation })),
    )
  }

  find = (method: string, path: string) =>
    this.operations.find((each) => each.method === method && each.path === path)!

  /** A schema as zod reads it from the document: what is checked by it has been through the document. */
  read(schema: object): z.ZodType {
    const whole = JSON.stringify({ ...schema, $defs: this.document.components.schemas })
    return z.fromJSONSchema(JSON.parse(whole.replaceAll('#/components/schemas/', '#/$defs/')))
  }

  /** Schema and examples of an answer that has a body. */
  contentOf(response: Answered) {
    const { responses } = this.document.components
    const found = '$ref' in response ? responses[response.$ref.split('/').at(-1)!]! : response
    return Object.values(found.content ?? {})[0]
  }
}
