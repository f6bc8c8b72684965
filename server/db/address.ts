import { readFileSync } from 'node:fs'
import { connect } from 'node:net'
import { userInfo } from 'node:os'
import type { ConnectionOptions } from 'node:tls'
import pg from 'pg'
import postgres from 'postgres'
import { type DatabaseAddress, parseDatabaseUrl } from '../settings/database-url.ts'

/**
 * A machine may vanish silently: the server, whose default is two hours, releases what it held within a minute.
 * Seconds, except for the count.
 */
const keepalives = { tcp_keepalives_idle: 15, tcp_keepalives_interval: 5, tcp_keepalives_count: 3 }

/**
 * Connections to where a URL of libpq's form leads.
 * @throws Error when a certificate cannot be read
 */
export function openPostgres<T extends Record<string, postgres.PostgresType>>(
  url: string,
  options: postgres.Options<T>,
): ReturnType<typeof postgres<T>> {
  const address = parseDatabaseUrl(url)
  const { host, port, password, connectTimeout, session } = address
  const isSocket = host.startsWith('/')
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
    connection: { ...keepalives, ...options.connection, ...session },
  } as unknown as postgres.Options<T>)
}

/** The same for the other driver, which graphile-worker uses. */
export async function openPool(url: string, max: number): Promise<pg.Pool> {
  const address = parseDatabaseUrl(url)
  const { host, port, password, connectTimeout = 5, session, tls } = address
  const asked = Object.entries(keepalives).map(([name, value]) => `-c ${name}=${value}`)
  const pool = new pg.Pool({
    host,
    port,
    max,
    user: userOf(address),
    database: databaseOf(address),
    ...(password && { password }),
    ssl: tlsOptions(address) ?? ((await speaksTls(address)) && { rejectUnauthorized: false }),
    ...(tls.direct && { sslnegotiation: 'direct' as const }),
    connectionTimeoutMillis: connectTimeout * 1000,
    keepAlive: true,
    ...session,
    options: [session.options, ...asked].filter(Boolean).join(' '),
  })
  // Users of a connection get the error from their query; for an idle connection it does not matter.
  const ignore = () => {}
  pool.on('connect', (client) => client.on('error', ignore))
  return pool.on('error', ignore)
}

const userOf = ({ user }: DatabaseAddress) => user ?? userInfo().username
const databaseOf = (address: DatabaseAddress) => address.database ?? userOf(address)

/** Undefined where it depends on the server. A Unix socket needs none. */
function tlsOptions({ host, tls }: DatabaseAddress): ConnectionOptions | false | undefined {
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

/** Asks for TLS by PostgreSQL's protocol; the answer is one letter. */
const speaksTls = ({ host, port }: DatabaseAddress): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, host, () => socket.write(Buffer.from([0, 0, 0, 8, 4, 210, 22, 47])))
    socket.setTimeout(5000, () => socket.destroy())
    socket.once('data', ([letter]) => {
      resolve(letter === 'S'.charCodeAt(0))
      socket.destroy()
    })
    socket.on('error', () => {})
    socket.once('close', () => resolve(false))
  })
