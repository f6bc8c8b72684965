import pino from 'pino'
import { config } from './config.ts'
import { currentContext } from './context.ts'

/**
 * The fields of an error that may be logged; all others may contain what members wrote: the failing row in PostgreSQL's
 * `detail`, the statement's `parameters`, a Redis command's arguments, the body that could not be parsed.
 */
const harmless = new Set([
  ...['code', 'errno', 'syscall', 'address', 'hostname', 'host', 'port', 'signal'],
  ...['severity', 'routine', 'schema_name', 'table_name', 'column_name', 'constraint_name', 'dataType'],
  ...['schema', 'table', 'column', 'constraint', 'status', 'statusCode', 'responseCode'],
])

/** PostgreSQL's errors about a value, which quote it. */
const aboutValue = /^22/

/** An error's message without values. */
export function harmlessMessage(error: unknown): string {
  const { message, code, name, body } = error as {
    message?: unknown
    code?: unknown
    name?: string
    body?: unknown
  }
  const text = typeof message === 'string' ? message : ''
  const isQuoting =
    (typeof code === 'string' && aboutValue.test(code)) || name === 'SyntaxError' || body !== undefined
  return harmlessText(isQuoting ? text.replace(/".*"|'.*'/gs, '…').replace(/: .*$/s, ': …') : text)
}

/** Without e-mail addresses, passwords in URLs, tokens, and the parameters that drizzle appends to a statement. */
export const harmlessText = (text: string) =>
  text
    .replace(/\nparams:.*/s, '')
    .replace(/:\/\/[^\s/]*@/g, '://…@')
    .replace(/\beyJ[\w-]+\.[\w-]+\.[\w-]*|(?<=token=)[^\s&]+/g, '…')
    .replace(/[^\s<>"'(),;=/]+@[^\s<>"'(),;:/]+/g, '…@…')

function harmlessError(value: unknown, around: unknown[] = []): unknown {
  if (typeof value !== 'object' || value === null)
    return typeof value === 'string' ? harmlessText(value) : value
  if (around.includes(value) || around.length > 5) return undefined
  const inside = (each: unknown) => harmlessError(each, [...around, value])
  const { command, cause, errors } = value as Record<string, unknown>
  return {
    ...(value instanceof Error && described(value)),
    ...Object.fromEntries(
      Object.entries(value).filter(([name, each]) => harmless.has(name) && !isObject(each)),
    ),
    ...(command !== undefined && { command: nameOf(command) }),
    ...(cause !== undefined && { cause: inside(cause) }),
    ...(Array.isArray(errors) && { errors: errors.map(inside) }),
  }
}

const isObject = (value: unknown) => typeof value === 'object' && value !== null
/** For SMTP a string, for Redis an object. */
const nameOf = (command: unknown) =>
  isObject(command) ? { name: (command as { name?: unknown }).name } : command

/** The stack repeats the message. */
function described(error: Error): object {
  const message = harmlessMessage(error)
  const type = error.constructor?.name ?? 'Error'
  const frames = error.stack?.match(/^ {4}at .*$/gm) ?? []
  return { type, message, stack: [`${type}: ${message}`, ...frames].join('\n') }
}

export const serializers = { err: (error: unknown) => harmlessError(error) }

/** For which request or job a line was written, and of whom. */
function mixin(): object {
  const { requestId, userId } = currentContext() ?? {}
  return { ...(requestId !== undefined && { requestId }), ...(userId !== undefined && { userId }) }
}

/** Lines of JSON on standard output. Bodies, passwords, cookies and what members write are never logged. */
export const log = pino({ level: config.logLevel, base: { pid: process.pid }, serializers, mixin })

/** Uncaught errors are logged like all others, instead of being printed with all their fields. */
export function logFalls(): void {
  process.on('uncaughtException', (error) => {
    log.fatal({ err: error }, 'the process crashed')
    process.exit(1)
  })
}
