import { parseDatabaseUrl, serversOf } from '../settings/database-url.ts'

/** The drivers' and the system's error codes, in words for an administrator. */
const words: Record<string, string> = {
  ECONNREFUSED: 'nothing listens there',
  ECONNRESET: 'the connection was reset',
  ENOTFOUND: 'there is no such host',
  EAI_AGAIN: 'the name of the host cannot be looked up',
  EHOSTUNREACH: 'the host cannot be reached',
  ENETUNREACH: 'the host cannot be reached',
  ETIMEDOUT: 'it does not answer',
  CONNECT_TIMEOUT: 'it does not answer',
  CONNECTION_CLOSED: 'it closes the connection',
  ENOENT: 'there is no socket in that folder',
  EACCES: 'the socket may not be used',
}

/** Why the database cannot be used, in one line that begins with DATABASE_URL and has no password in it. */
export function explainDatabase(url: string, error: unknown): Error {
  if (error instanceof Unsuitable) return error
  const { message, code } = deepest(error)
  const tls = /TLS|SSL|certificate/i.test(message) ? 'TLS: ' : ''
  if (message?.includes('unsupported startup parameter'))
    return new Error(
      `DATABASE_URL: at ${placeOf(url)} there is a pooler: set DATABASE_DIRECT_URL to the address of PostgreSQL itself`,
    )
  const says = tls || !code || !Object.hasOwn(words, code) ? message || code : words[code]
  return new Error(`DATABASE_URL: the database at ${placeOf(url)} cannot be used: ${tls}${oneLine(says)}`)
}

/** Why a database that answers is unsuitable, a line each. */
export class Unsuitable extends Error {
  readonly reasons: string[]

  constructor(reasons: string[]) {
    super(reasons.map((reason) => `DATABASE_URL: ${reason}`).join('\n'))
    this.reasons = reasons
  }
}

/** Wrappers quote the whole statement, and keep the reason inside; of several attempts the last is as good as any. */
function deepest(error: unknown): { message: string; code?: string } {
  const { cause, errors } = error as { cause?: unknown; errors?: unknown[] }
  const inner = cause ?? errors?.at(-1)
  return inner instanceof Error ? deepest(inner) : (error as NodeJS.ErrnoException & { message: string })
}

const placeOf = (url: string): string => serversOf(url).map(placeOfOne).join(' or ')

function placeOfOne(url: string): string {
  const { host, port } = parseDatabaseUrl(url)
  return host.startsWith('/')
    ? `${host}/.s.PGSQL.${port}`
    : `${host.includes(':') ? `[${host}]` : host}:${port}`
}

const oneLine = (text = 'without a reason') => text.split('\n')[0]!.slice(0, 300)
