import { Writable } from 'node:stream'
import pino from 'pino'
import { expect, test } from 'vitest'
import { serializers } from './log.ts'

const marker = 'geheim-4711'
const refused = () =>
  Object.assign(new Error('WRONGPASS invalid username-password pair'), {
    command: { name: 'auth', args: ['default', marker] },
  })

/** What is written about an error. */
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
])('%s tells nothing that Redis was told', (_, error) => {
  expect(written(error)).not.toContain(marker)
})

test('what went wrong, and at which command, is still told', () => {
  const { err } = JSON.parse(written(refused()))
  expect(err).toMatchObject({ type: 'Error', command: { name: 'auth' } })
  expect(err.message).toMatch(/^WRONGPASS/)
  expect(err.stack).toMatch(/log\.unit\.test/)
})

test('an error that holds itself is told too', () => {
  const error: Error & { self?: unknown } = new Error('round')
  error.self = { error, again: error }
  expect(written(error)).toContain('round')
})
