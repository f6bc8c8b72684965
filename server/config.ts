/**
 * Every environment variable the service knows, read once and validated. Bad configuration stops the start
 * with one line naming the variable; nothing else in the code reads `process.env`.
 */
import { availableParallelism } from 'node:os'
import { resolve } from 'node:path'
import { z } from 'zod'

const empty = z.literal('').transform(() => undefined)
const given = <T extends z.ZodType>(schema: T) => z.union([empty, schema]).optional()
const port = z.coerce.number().int().min(0).max(65535)
const count = z.coerce.number().int().min(1)
const url = (...protocols: string[]) =>
  z.string().refine((text) => protocols.includes(URL.parse(text)?.protocol ?? ''), {
    error: `must be a URL beginning with ${protocols.map((p) => `${p}//`).join(' or ')}`,
  })

const Environment = z.object({
  NODE_ENV: given(z.string()),
  PORT: given(port),
  HOST: given(z.string()),
  BASE_URL: given(url('http:', 'https:')),
  DATABASE_URL: given(url('postgres:', 'postgresql:')),
  REDIS_URL: given(url('redis:', 'rediss:')),
  WORKERS: given(count.max(256)),
  DATA_DIR: given(z.string()),
  UPLOAD_MAX_BYTES: given(count),
  SESSION_SECRET: given(z.string().min(16, 'must have at least 16 characters')),
  REGISTRATION: given(z.enum(['open', 'closed'])),
  RATE_LIMITS: given(z.enum(['on', 'off'])),
  LOG_LEVEL: given(z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'])),
})

export class ConfigurationError extends Error {}

export type Config = ReturnType<typeof readConfig>

/** @throws ConfigurationError with one line that names the variable. */
export function readConfig(env: Record<string, string | undefined>) {
  const read = Environment.safeParse(env)
  if (!read.success) {
    const issue = read.error.issues[0]
    throw new ConfigurationError(`${issue?.path.join('.')}: ${reason(issue)}`)
  }
  const e = read.data
  const production = e.NODE_ENV === 'production'
  const embedded = e.DATABASE_URL === undefined
  const port = e.PORT ?? 3000
  if (production && !e.SESSION_SECRET)
    throw new ConfigurationError('SESSION_SECRET: is required when NODE_ENV is production')
  if (e.WORKERS && e.WORKERS > 1 && !e.REDIS_URL)
    throw new ConfigurationError('WORKERS: more than one worker needs REDIS_URL')
  return {
    production,
    /** No `DATABASE_URL`: PostgreSQL is started and stopped with the service, and filled with demo members. */
    embedded,
    port,
    host: e.HOST ?? (embedded ? '127.0.0.1' : '0.0.0.0'),
    baseUrl: (e.BASE_URL ?? `http://localhost:${port}`).replace(/\/+$/, ''),
    /** Of the embedded database it is set by `main.ts` for its workers. */
    databaseUrl: e.DATABASE_URL ?? env.EMBEDDED_DATABASE_URL,
    redisUrl: e.REDIS_URL,
    workers: e.REDIS_URL ? (e.WORKERS ?? availableParallelism()) : 1,
    dataDir: resolve(e.DATA_DIR ?? './data'),
    /** Of one attachment. */
    uploadMaxBytes: e.UPLOAD_MAX_BYTES ?? 25 * 1024 * 1024,
    sessionSecret: e.SESSION_SECRET,
    registration: e.REGISTRATION ?? (embedded ? ('open' as const) : ('closed' as const)),
    /** Off only for load tests. */
    rateLimits: e.RATE_LIMITS !== 'off',
    logLevel: e.LOG_LEVEL ?? 'info',
  }
}

/** The first reason inside a union's nested issues, which is the one of the schema that is not "empty". */
function reason(issue: z.core.$ZodIssue | undefined): string {
  if (issue?.code === 'invalid_union') return reason(issue.errors.at(-1)?.[0])
  return issue?.message ?? 'is not valid'
}

function readConfigOrExit() {
  try {
    return readConfig(process.env)
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error
    process.stderr.write(`rozmowa: ${error.message}\n`)
    process.exit(1)
  }
}

export const config = readConfigOrExit()
