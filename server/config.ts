/**
 * Every environment variable the service knows, read once and validated. Bad configuration stops the start
 * with one line naming the variable. Elsewhere `process.env` is only handed on to child processes; the command line
 * sets its own LOG_LEVEL there before this is loaded.
 */
import { availableParallelism } from 'node:os'
import { clamdUrl } from './settings/clamd.ts'
import { databaseUrl } from './settings/database-url.ts'
import { filesUrl } from './settings/files-url.ts'
import { folder, yesOrFolder } from './settings/folder.ts'
import { hostsAndPorts, listenAddress, networks } from './settings/hosts.ts'
import { domainOf, mailbox } from './settings/mailbox.ts'
import { atLeast, exactWord, share, visible, whole, word } from './settings/numbers.ts'
import { passphrase } from './settings/passphrase.ts'
import { redisUrl } from './settings/redis-url.ts'
import { keysIn, minKeyCharacters } from './settings/secret-keys.ts'
import { timeOfDay } from './settings/time.ts'
import { collectorUrl, publicAddress, smtpUrl } from './settings/urls.ts'

/** Each variable, and what its value is read with. */
const variables = {
  NODE_ENV: exactWord('production', 'development', 'test'),
  PORT: whole(0, 65_535),
  HOST: listenAddress,
  BASE_URL: publicAddress,
  DATABASE_URL: databaseUrl,
  DATABASE_DIRECT_URL: databaseUrl,
  DATABASE_UPGRADE: yesOrFolder,
  REDIS_URL: redisUrl,
  WORKERS: whole(1, 256),
  DATA_DIR: folder,
  FILES_URL: filesUrl,
  UPLOAD_MAX_BYTES: whole(1, 2 ** 40),
  UPLOAD_QUOTA_BYTES: whole(1, 2 ** 50),
  BACKUP_DIR: folder,
  BACKUP_AT: timeOfDay,
  BACKUP_KEEP: whole(1, 1000),
  BACKUP_PASSPHRASE: passphrase,
  CLAMD_URL: clamdUrl,
  SESSION_SECRET: atLeast(minKeyCharacters),
  SMTP_URL: smtpUrl,
  MAIL_FROM: mailbox,
  EMAIL_DELAY_SECONDS: whole(0, 86_400),
  LINK_PREVIEW_ALLOW_HOSTS: hostsAndPorts,
  TRUSTED_PROXIES: networks,
  REGISTRATION: word('open', 'closed'),
  RATE_LIMITS: word('on', 'off'),
  METRICS_TOKEN: visible(16),
  SLOW_MS: whole(1, 600_000),
  OTEL_EXPORTER_OTLP_ENDPOINT: collectorUrl,
  OTEL_TRACES_SAMPLER_ARG: share,
  LOG_LEVEL: word('fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'),
}

type Values = { [Name in keyof typeof variables]?: ReturnType<(typeof variables)[Name]> }

/** Spaces around a value are ignored, and an empty variable counts as not set. */
function valuesOf(env: Record<string, string | undefined>): Values {
  const set = Object.entries(variables).filter(([name]) => env[name]?.trim())
  return Object.fromEntries(set.map(([name, read]) => [name, parse(name, env[name]!.trim(), read)]))
}

function parse(name: string, text: string, read: (text: string) => unknown): unknown {
  try {
    if (/\p{Cc}/u.test(text)) throw new Error('must be one line, without control characters')
    return read(text)
  } catch (error) {
    throw new ConfigurationError(`${name}: ${(error as Error).message}`)
  }
}

class ConfigurationError extends Error {}

/** @throws ConfigurationError with one line that names the variable. */
export function readConfig(env: Record<string, string | undefined>) {
  const e = valuesOf(env)
  const production = e.NODE_ENV === 'production'
  const embedded = e.DATABASE_URL === undefined
  const port = e.PORT ?? 3000
  const uploadMaxBytes = e.UPLOAD_MAX_BYTES ?? 25 * 1024 * 1024
  const baseUrl = e.BASE_URL ?? new URL(`http://localhost:${port}`).origin
  if (production && !e.SESSION_SECRET)
    throw new ConfigurationError('SESSION_SECRET: is required when NODE_ENV is production')
  if (e.DATABASE_DIRECT_URL && embedded)
    throw new ConfigurationError('DATABASE_DIRECT_URL: needs DATABASE_URL, the address of the pooler')
  if (e.WORKERS && e.WORKERS > 1 && !e.REDIS_URL)
    throw new ConfigurationError('WORKERS: more than one worker needs REDIS_URL')
  return {
    production,
    /** No `DATABASE_URL`: PostgreSQL is started and stopped with the service, and filled with demo members. */
    embedded,
    port,
    host: e.HOST ?? (embedded ? '127.0.0.1' : '0.0.0.0'),
    /** Scheme, host and port of the URL, without a path. */
    baseUrl,
    /** For the embedded database the supervisor passes it to the processes it forks. */
    databaseUrl: e.DATABASE_URL ?? env.EMBEDDED_DATABASE_URL,
    /** Past a pooler that `databaseUrl` leads to, which keeps no sessions; without one it is the same. */
    directUrl: e.DATABASE_DIRECT_URL ?? e.DATABASE_URL ?? env.EMBEDDED_DATABASE_URL,
    /** `databaseUrl` leads to a pooler in transaction mode. */
    isPooled: e.DATABASE_DIRECT_URL !== undefined,
    /** `yes`, or the folder of the old version's programs: moves a database of an older major version. */
    databaseUpgrade: e.DATABASE_UPGRADE,
    redisUrl: e.REDIS_URL,
    workers: e.REDIS_URL ? (e.WORKERS ?? availableParallelism()) : 1,
    dataDir: e.DATA_DIR ?? folder('./data'),
    /** Where files are kept; without it in `dataDir`. */
    filesUrl: e.FILES_URL,
    /** Of one attachment. */
    uploadMaxBytes,
    /** Of all files of one member together. */
    uploadQuotaBytes: e.UPLOAD_QUOTA_BYTES ?? Math.max(5 * 1024 ** 3, uploadMaxBytes),
    /** Checks what members upload; without it nothing does. */
    clamd: e.CLAMD_URL,
    sessionSecret: e.SESSION_SECRET,
    /** Where a backup is put every day; without it none is made. */
    backupDir: e.BACKUP_DIR,
    /** When, in UTC. */
    backupAt: e.BACKUP_AT ?? { hour: 1, minute: 30 },
    /** How many of those are kept. */
    backupKeep: e.BACKUP_KEEP ?? 7,
    /** Without it backups are not encrypted. */
    backupPassphrase: e.BACKUP_PASSPHRASE,
    /** In it: the first signs, each of them is good to check what was signed. */
    sessionKeys: e.SESSION_SECRET ? keysIn(e.SESSION_SECRET) : [],
    /** Without it mails are logged, not sent. */
    smtpUrl: e.SMTP_URL,
    mailFrom: e.MAIL_FROM ?? { name: 'Rozmowa', address: `rozmowa@${domainOf(new URL(baseUrl).hostname)}` },
    /** How long a message stays unread before it is mailed. */
    emailDelaySeconds: e.EMAIL_DELAY_SECONDS ?? 60,
    /** `host:port` outside the public Internet that link previews may fetch from, and pushes be sent to. */
    linkPreviewAllowHosts: e.LINK_PREVIEW_ALLOW_HOSTS ?? new Set<string>(),
    /** Proxies whose X-Forwarded-For is trusted, in Express's form. */
    trustedProxies: e.TRUSTED_PROXIES ?? ['loopback'],
    registration: e.REGISTRATION ?? (embedded ? ('open' as const) : ('closed' as const)),
    /** Off only for load tests. */
    rateLimits: e.RATE_LIMITS !== 'off',
    /** Lets others than this machine read `/metrics`. */
    metricsToken: e.METRICS_TOKEN,
    /** A request or a statement that takes longer is logged with its cause. */
    slowMs: e.SLOW_MS ?? 500,
    /** Where traces go to, without `/v1/traces`. */
    tracesUrl: e.OTEL_EXPORTER_OTLP_ENDPOINT,
    /** How many of them are kept: 0 none, 1 all. */
    tracedShare: e.OTEL_TRACES_SAMPLER_ARG ?? 1,
    logLevel: e.LOG_LEVEL ?? 'info',
  }
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
