import type { Json } from './schemas.ts'

const at = '2026-03-02T09:15:00.000Z'

/** What a field of this name may hold, where its schema says no more than that it is a text, or a number. */
const byName: Record<string, unknown> = {
  access_token: 'eyJhbGciOiJIUzI1NiIsInR5cCI6ImF0K2p3dCJ9.eyJzdWIiOiI3In0.c2lnbmF0dXJl',
  refresh_token: 'b2Zm-c2VjcmV0',
  auth: 'BTBZMqHH6r4Tts7J_aSIgg',
  author_id: 7,
  chat_id: 42,
  client_id: '0b1f6f0e-3c55-4d0e-9a3c-0c6a7d1b2f10',
  conversation_id: 42,
  count: 3,
  company: 'Poradnia Kowalska',
  content: 'Do zobaczenia w czwartek.',
  content_text: 'Do zobaczenia w czwartek.',
  deleted_at: null,
  description: 'Sprawy bieżące',
  detail: 'Not found.',
  display_name: 'Anna Kowalska',
  edited_at: null,
  email: 'anna@example.org',
  emoji: '👍',
  endpoint: 'https://push.example.org/send/4f2a',
  excerpt: 'Do zobaczenia w <mark>czwartek</mark>.',
  expirationTime: null,
  expires_in: 900,
  failure: null,
  from: '22:00',
  has_more: false,
  is_delete: false,
  is_deleted: false,
  key: 'BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4',
  muted_until: null,
  name: 'Zarząd',
  next_cursor: null,
  p256dh: 'BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4',
  password: 'correct horse battery',
  phone: '600 100 200',
  q: 'czwartek',
  query: 'kowal',
  question: 'Kto przyjdzie?',
  reply_to_id: null,
  role: 'Skarbniczka',
  scope: 'read write',
  sender_name: 'Anna Kowalska',
  seq: 318,
  text: 'Będę',
  time_zone: 'Europe/Warsaw',
  title: 'Zarząd',
  to: '07:00',
  token_type: 'bearer',
  unread_count: 0,
  updated_at: at,
  url: 'https://example.org/program',
  user_id: 7,
  username: 'anna',
  version: 3,
  waiting_count: 1,
}

/** An example of a schema, made from those that are written for its parts, and by the names of its fields. */
export function exampleOf(schema: Json, named: Record<string, Json>, name = ''): unknown {
  if (schema.$ref) return exampleOf(named[schema.$ref.split('/').at(-1)!]!, named, name)
  if (schema.examples) return schema.examples[0]
  if (schema.const !== undefined) return schema.const
  if (fits(schema, byName[name])) return byName[name]
  if (schema.default !== undefined) return schema.default
  if (schema.enum) return schema.enum[0]
  const [first] = (schema.anyOf ?? schema.oneOf ?? schema.allOf ?? []) as Json[]
  if (first) return exampleOf(first, named, name)
  if (schema.type === 'array') return [exampleOf(schema.items as Json, named, name.replace(/s$/, ''))]
  return schema.type === 'object' ? objectOf(schema, named) : scalarOf(schema)
}

/** Whether it is of that type: `role` is a word elsewhere, and `null` not allowed everywhere. */
function fits(schema: Json, value: unknown): boolean {
  if (value === undefined || schema.enum) return false
  const choices = (schema.anyOf ?? []) as Json[]
  if (choices.length > 0) return choices.some((each) => fits(each, value))
  const type = value === null ? 'null' : typeof value === 'number' ? 'integer' : typeof value
  return schema.type === type && !(schema.format === 'date-time' && value !== at)
}

const objectOf = ({ properties = {} }: Json, named: Record<string, Json>) =>
  Object.fromEntries(
    Object.entries(properties).map(([name, field]) => [name, exampleOf(field as Json, named, name)]),
  )

function scalarOf({ type, format, minimum = 0 }: Json): unknown {
  if (type === 'integer' || type === 'number') return Math.max(minimum, 42)
  if (type === 'boolean') return true
  if (type === 'null') return null
  if (format === 'uuid') return byName.client_id
  return format === 'date-time' ? at : 'Tekst'
}
