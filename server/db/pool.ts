import { connect } from 'node:net'
import pg from 'pg'
import { type DatabaseAddress, parseDatabaseUrl } from '../settings/database-url.ts'
import { databaseOf, keepalives, tlsOptions, userOf } from './address.ts'

/** The same as `openPostgres` for the other driver, which graphile-worker uses and workers need not load. */
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
