import { Readable, Writable } from 'node:stream'
import { sql as tag } from 'drizzle-orm'
import { drizzle } from 'drizzle-orm/postgres-js'
import express from 'express'
import pino from 'pino'
import postgres from 'postgres'
import { afterAll, expect, test } from 'vitest'
import { harmlessText, serializers } from './log.ts'
import { freshDatabase } from './testing/postgres.ts'

const marker = 'geheim-4711'
const refused = () =>
  Object.assign(new Error('WRONGPASS invalid username-password pair'), {
    command: { name: 'auth', args: ['default', marker] },
  })

/** What is logged about an error. */
function written(error: unknown): string {
  let lines = ''
  const output = new Writable({
    write: (chunk, _, done) => {
      lines += chunk
      done()
    },
  })
  pino({ serializers }, output).warn({ err: error }, 'Redis is away')
  return lines
}

test.each<[string, unknown]>([
  ['a command', refused()],
  ['earlier errors', Object.assign(new Error('EXECABORT'), { previousErrors: [refused()] })],
  ['the last node’s error', Object.assign(new Error('no node'), { lastNodeError: refused() })],
  ['a cause', new Error('Redis is away', { cause: refused() })],
  ['several errors', new AggregateError([refused()], 'all of them')],
  ['something nested', Object.assign(new Error('odd'), { details: { first: refused() } })],
  ['what is no error', { command: { name: 'auth', args: [marker] } }],
])('%s reveals no argument of a Redis command', (_, error) => {
  expect(written(error)).not.toContain(marker)
})

/** Something a member wrote, which must not be in a log. */
const email = 'jan.nowak@example.org'
const text = 'tajemnica-4711'
const sql = postgres(await freshDatabase(), { max: 1, onnotice: () => {}, debug: true })
await sql`insert into users (email, username, password_hash) values (${email}, 'jan', 'x')`
afterAll(() => sql.end())
const failed = (asked: PromiseLike<unknown>): Promise<unknown> =>
  Promise.resolve(asked).then(String, (error) => error)

test.each<[string, () => Promise<unknown>, (string | RegExp)[]]>([
  [
    'an e-mail that is taken',
    () => failed(sql`insert into users (email, username) values (${email}, 'ola')`),
    ['23505', 'users_email_key_folded'],
  ],
  [
    'a row without what it needs',
    () => failed(sql`insert into users (email, username, name) values (null, ${text}, ${text})`),
    ['23502', 'email', 'users'],
  ],
  [
    'a row that a check refuses',
    () => failed(sql`insert into conversations (is_group, name, direct_key) values (true, ${text}, ${text})`),
    ['23514', 'conversations_direct_key_check'],
  ],
  [
    'a row that leads nowhere',
    () => failed(sql`insert into conversations (is_group, name, owner_id) values (true, ${text}, 4711)`),
    ['23503'],
  ],
  ['no number', () => failed(sql`select ${text}::text::int`), ['22P02', 'type integer']],
  ['no time', () => failed(sql`select ${text}::text::timestamptz`), ['22007']],
  [
    'a text that is too long',
    () => failed(sql`insert into users (email, username) values (${text + 'x'.repeat(300)}, 'x')`),
    ['22001'],
  ],
  ['no JSON', () => failed(sql`select ${`{"a": ${text}}`}::text::json`), ['22P02']],
  [
    'a wrong statement',
    () => failed(sql.unsafe('select nie_ma from users where email = $1', [email])),
    ['42703', 'nie_ma'],
  ],
  [
    'a statement inside another error',
    () => failed(drizzle(sql).execute(tag`insert into users (email, username) values (${email}, 'ola')`)),
    ['Failed query', '23505'],
  ],
  [
    'a wrapped parameter',
    async () => new Error(`Failed query: insert into x values ($1)\nparams: ${text},${email}`),
    ['insert into x'],
  ],
  ['a body that cannot be parsed', () => bodyError(`{"content": "${text}"`), ['SyntaxError']],
  [
    'a mail server',
    async () =>
      Object.assign(new Error(`Can't send mail: 550 5.1.1 <${email}>: unknown`), {
        response: `550 <${email}>`,
        rejected: [email],
        responseCode: 550,
        command: 'RCPT TO',
      }),
    ['550', 'RCPT TO'],
  ],
  [
    'an address with a password',
    async () => new Error(`connect failed: postgres://jan:a=${text}@db/x`),
    ['connect failed: postgres://…@'],
  ],
  [
    'an address with a token',
    async () => new Error(`GET /api/v1/ws?a=1&token=${text}&b=2 failed`),
    ['ws?a=1&token=…&b=2 failed'],
  ],
  [
    'an access token',
    async () => new Error(`no such token: eyJhbGciOiJIUzI1NiJ9.${text}.${text}`),
    ['no such token: …'],
  ],
  [
    'a code and what it was given',
    async () => Object.assign(new Error('no'), { code: 'ENOENT', input: text, value: { email } }),
    ['ENOENT'],
  ],
  [
    'several, with causes',
    async () =>
      new AggregateError([new Error('in', { cause: await failed(sql`select ${text}::text::int`) })], 'out'),
    ['22P02', 'out'],
  ],
  ['a text alone', async () => `${email} was refused`, ['was refused']],
])('%s is logged without what members wrote', async (_, fail, kept) => {
  const lines = written(await fail())
  for (const secret of [email, text]) expect(lines).not.toContain(secret)
  for (const word of kept) expect(lines).toMatch(word)
})

/** As express' own parser throws it. */
function bodyError(body: string): Promise<unknown> {
  const request = Object.assign(Readable.from([Buffer.from(body)]), {
    headers: { 'content-type': 'application/json', 'content-length': `${Buffer.byteLength(body)}` },
    method: 'POST',
  })
  return new Promise((resolve) => express.json()(request as never, {} as never, resolve))
}

test('lines of other programs are logged without addresses too', () => {
  expect(harmlessText(`Failed task 7 (mail): 550 <${email}> unknown`)).toBe(
    'Failed task 7 (mail): 550 <…@…> unknown',
  )
})

test('the error and the command are still logged', () => {
  const { err } = JSON.parse(written(refused()))
  expect(err).toMatchObject({ type: 'Error', command: { name: 'auth' } })
  expect(err.message).toMatch(/^WRONGPASS/)
  expect(err.stack).toContain(import.meta.filename)
})

test('a circular error is logged too', () => {
  const error: Error & { self?: unknown } = new Error('round')
  error.self = { error, again: error }
  expect(written(error)).toContain('round')
})
