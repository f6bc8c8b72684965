import { readFileSync } from 'node:fs'
import { userInfo } from 'node:os'
import type { ConnectionOptions } from 'node:tls'
import postgres from 'postgres'
import { type DatabaseAddress, parseDatabaseUrl } from '../settings/database-url.ts'

/**
 * A machine may vanish silently: the server, whose default is two hours, releases what it held within a minute.
 * Seconds, except for the count.
 */
export const keepalives = { tcp_keepalives_idle: 15, tcp_keepalives_interval: 5, tcp_keepalives_count: 3 }

/** What a pooler in transaction mode lets a client ask for; pgbouncer refuses all else. */
const throughPooler = ['application_name', 'TimeZone']

/**
 * Connections to where a URL of libpq's form leads.
 * @param isPooled whether that is a pooler in transaction mode, where each transaction may meet another connection
 * @throws Error when a certificate cannot be read
 */
export function openPostgres<T extends Record<string, postgres.PostgresType>>(
  url: string,
  options: postgres.Options<T>,
  isPooled = false,
): ReturnType<typeof postgres<T>> {
  const address = parseDatabaseUrl(url)
  const { host, port, password, connectTimeout, session } = address
  const isSocket = host.startsWith('/')
  const wanted = { ...keepalives, ...options.connection, ...session }
  return postgres({
    ...options,
    // As lists: in a string the part after a colon would be the port, and IPv6 addresses contain colons.
    host: [host],
    port: [port],
    ...(isSocket && { path: `${host}/.s.PGSQL.${port}` }),
    user: userOf(address),
    database: databaseOf(address),
    ...(password && { password }),
    ...(connectTimeout && { connect_timeout: connectTimeout }),
    ssl: tlsOptions(address) ?? 'prefer',
    ...(address.tls.direct && { sslnegotiation: 'direct' }),
    // A statement that was prepared on one connection is unknown on the next; and pgbouncer takes a connection away after
    // an answer, although the next statement was begun on it.
    ...(isPooled && { prepare: false, max_pipeline: 0 }),
    connection: isPooled ? asked(wanted) : wanted,
  } as unknown as postgres.Options<T>)
}

const asked = (wanted: object) =>
  Object.fromEntries(Object.entries(wanted).filter(([name]) => throughPooler.includes(name)))

export const userOf = ({ user }: DatabaseAddress) => user ?? userInfo().username
export const databaseOf = (address: DatabaseAddress) => address.database ?? userOf(address)

/** Undefined where it depends on the server. A Unix socket needs none. */
export function tlsOptions({ host, tls }: DatabaseAddress): ConnectionOptions | false | undefined {
  if (tls.mode === 'disable' || host.startsWith('/')) return false
  if ((tls.mode === 'prefer' || tls.mode === 'allow') && !tls.certificate) return undefined
  return {
    ...(tls.root && { ca: read('sslrootcert', tls.root) }),
    ...(tls.certificate && { cert: read('sslcert', tls.certificate) }),
    ...(tls.key && { key: read('sslkey', tls.key) }),
    ...(tls.password && { passphrase: tls.password }),
    rejectUnauthorized: tls.mode.startsWith('verify'),
    ...(tls.mode === 'verify-ca' && { checkServerIdentity: () => undefined }),
  }
}

function read(parameter: string, path: string): Buffer {
  try {
    return readFileSync(path)
  } catch (error) {
    throw new Error(`${parameter} ${path} cannot be read: ${(error as NodeJS.ErrnoException).code}`)
  }
}
