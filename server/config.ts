/**
 * Every environment variable the service knows, read once and validated. Bad configuration stops the start
 * with one line naming the variable; nothing else in the code reads `process.env`.
 */
import { isIP } from 'node:net'
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
/** `Rozmowa <rozmowa@example.org>`, or the address alone. */
const mailbox = z
  .string()
  .regex(
    /^(?:[^<>@\p{Cc}]*<[^\s<>@,;:]+@[^\s<>@,;:]+>|[^\s<>@,;:]+@[^\s<>@,;:]+)$/u,
    'must be an e-mail address',
  )
  .transform((text) => {
    const [, name = '', address = text] = /^(.*)<(.*)>$/.exec(text) ?? []
    return { name: name.trim(), address }
  })

/** `127.0.0.1:8080, intranet:80` */
const hosts = z.string().transform((text, context) => {
  const all = text.split(',').map((each) => each.trim().toLowerCase())
  const wrong = all.find((each) => !/^(?:[^\s:/@[\]]+|\[[\da-f:.]+\]):\d{1,5}$/.test(each))
  if (wrong !== undefined) context.addIssue('must be a list of host:port')
  return new Set(all)
})

/** `loopback, 172.30.99.0/24, fd00::1` */
const proxies = z.string().transform((text, context) => {
  const all = text.split(',').map((each) => each.trim())
  if (!all.every((each) => each === 'loopback' || isNetwork(each)))
    context.addIssue('must be a list of IP addresses, networks such as 10.0.0.0/24, or loopback')
  return all
})

function isNetwork(text: string): boolean {
  const [, address = '', bits = '1'] = /^([\da-f.:]+)(?:\/([1-9]\d{0,2}))?$/i.exec(text) ?? []
  const family = isIP(address)
  return family !== 0 && Number(bits) <= (family === 4 ? 32 : 128)
}

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
  SMTP_URL: given(url('smtp:', 'smtps:')),
  MAIL_FROM: given(mailbox),
  EMAIL_DELAY_SECONDS: given(z.coerce.number().int().min(0).max(86_400)),
  LINK_PREVIEW_ALLOW_HOSTS: given(hosts),
  TRUSTED_PROXIES: given(proxies),
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
  const baseUrl = (e.BASE_URL ?? `http://localhost:${port}`).replace(/\/+$/, '')
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
    baseUrl,
    /** Of the embedded database it is set by `main.ts` for its workers. */
    databaseUrl: e.DATABASE_URL ?? env.EMBEDDED_DATABASE_URL,
    redisUrl: e.REDIS_URL,
    workers: e.REDIS_URL ? (e.WORKERS ?? availableParallelism()) : 1,
    dataDir: resolve(e.DATA_DIR ?? './data'),
    /** Of one attachment. */
    uploadMaxBytes: e.UPLOAD_MAX_BYTES ?? 25 * 1024 * 1024,
    sessionSecret: e.SESSION_SECRET,
    /** Without it mails are logged, not sent. */
    smtpUrl: e.SMTP_URL,
    mailFrom: e.MAIL_FROM ?? { name: 'Rozmowa', address: `rozmowa@${new URL(baseUrl).hostname}` },
    /** How long a message may wait to be read before it is mailed. */
    emailDelaySeconds: e.EMAIL_DELAY_SECONDS ?? 60,
    /** `host:port` that link previews may ask although they are not of the public Internet. */
    linkPreviewAllowHosts: e.LINK_PREVIEW_ALLOW_HOSTS ?? new Set<string>(),
    /** Whose word on whom they speak for is believed: as Express takes them. */
    trustedProxies: e.TRUSTED_PROXIES ?? ['loopback'],
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
