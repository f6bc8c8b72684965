import { parseHost, unbracketed } from './hosts.ts'

const tlsModes = ['disable', 'allow', 'prefer', 'require', 'verify-ca', 'verify-full'] as const
type TlsMode = (typeof tlsModes)[number]

/** What a connection URI of libpq says, as libpq reads it. */
export interface DatabaseAddress {
  /** A name, an IP address without brackets, or the folder of a Unix socket. */
  host: string
  port: number
  user?: string
  password?: string
  database?: string
  tls: {
    mode: TlsMode
    direct: boolean
    root?: string
    certificate?: string
    key?: string
    password?: string
  }
  /** Seconds. */
  connectTimeout?: number
  /** Settings of the session. */
  session: { application_name?: string; options?: string }
}

const form = /^postgres(?:ql)?:\/\/(?:([^?]*)@)?([^/?]*)(?:\/([^?]*))?(?:\?(.*))?$/i

const anything = /^/
/** Each parameter with the form of its value, and what is said of another. */
const forms = {
  host: [anything],
  port: [anything],
  user: [anything],
  password: [anything],
  dbname: [anything],
  ssl: [/^(?:true|false)$/, 'knows ssl=true and ssl=false only'],
  sslmode: [new RegExp(`^(?:${tlsModes.join('|')})$`), `knows sslmode ${tlsModes.join(', ')} only`],
  sslnegotiation: [/^(?:postgres|direct)$/, 'knows sslnegotiation postgres and direct only'],
  sslrootcert: [anything],
  sslcert: [anything],
  sslkey: [anything],
  sslpassword: [anything],
  connect_timeout: [/^\d{1,4}$/, 'wants seconds as connect_timeout'],
  application_name: [anything],
  options: [anything],
  target_session_attrs: [
    /^(?:any|read-write|primary)$/,
    'knows target_session_attrs any, read-write and primary only',
  ],
} satisfies Record<string, [form: RegExp, otherwise?: string]>

type Parameters = { [Name in keyof typeof forms]?: Name extends 'sslmode' ? TlsMode : string }

/** Refused with a reason that says nothing of the password. */
export function databaseUrl(text: string): string {
  for (const server of serversOf(text)) parseDatabaseUrl(server)
  return text
}

/**
 * A URL for each server that one names: `postgres://one:5432,two:5433/name`, `postgres:///name?host=one,two&port=5432`.
 * @throws Error with the reason
 */
export function serversOf(text: string): string[] {
  const [whole, userinfo = '', place = '', name = '', query = ''] = form.exec(text) ?? []
  if (whole === undefined) return [text]
  const { host, port, ...others } = parametersOf(query)
  if (!(host ?? place).includes(',')) return [text]
  const places =
    host === undefined ? place.split(',').map(placeOf) : host.split(',').map((each) => [each, ''])
  const ports = port?.split(',') ?? []
  if (ports.length > 1 && ports.length !== places.length) throw new Error('has not as many ports as servers')
  const rest = Object.entries(others).map(([key, value]) => [key, encodeURIComponent(value!)])
  return places.map(([host, ownPort], i) => {
    const own = { host: encodeURIComponent(host!), port: ports[i] ?? ports[0] ?? ownPort }
    const parameters = [...Object.entries(own), ...rest].map((pair) => pair.join('='))
    return `postgres://${userinfo && `${userinfo}@`}/${name}?${parameters.join('&')}`
  })
}

/**
 * Reads a connection URI: `postgres://user:password@host:5432/name?sslmode=verify-full&sslrootcert=/etc/ca.pem`,
 * `postgres:///name?host=/run/postgresql`, `postgres://%2Frun%2Fpostgresql/name`.
 * @throws Error with the reason, also when it names several servers
 */
export function parseDatabaseUrl(text: string): DatabaseAddress {
  const [whole, userinfo = '', place = '', name = '', query = ''] = form.exec(text) ?? []
  if (whole === undefined) throw new Error('must be a URL beginning with postgres:// or postgresql://')
  const p = parametersOf(query)
  const at = userinfo.indexOf(':')
  const [host, port] = placeOf(place)
  const user = p.user ?? decode(at < 0 ? userinfo : userinfo.slice(0, at))
  const password = p.password ?? (at < 0 ? '' : decode(userinfo.slice(at + 1)))
  const database = p.dbname ?? decode(name)
  return {
    host: hostOf(p.host ?? host),
    port: portOf(p.port ?? port),
    ...(user && { user }),
    ...(password && { password }),
    ...(database && { database }),
    tls: tlsOf(p),
    ...(p.connect_timeout && { connectTimeout: Number(p.connect_timeout) }),
    session: {
      ...(p.application_name && { application_name: p.application_name }),
      ...(p.options && { options: p.options }),
    },
  }
}

function parametersOf(query: string): Parameters {
  const pairs = query.split('&').filter((pair) => pair !== '')
  const all = pairs.map((pair) => {
    const [, key = '', value = ''] = /^([^=]*)=?(.*)$/s.exec(pair) ?? []
    return [decode(key), decode(value)]
  })
  const unknown = all.map(([key]) => key!).filter((key) => !Object.hasOwn(forms, key))
  if (unknown.length > 0) throw new Error(`knows no parameter ${unknown.join(', ')}`)
  for (const [key, value] of all) {
    const [form, otherwise] = forms[key as keyof typeof forms]
    if (!form.test(value!)) throw new Error(otherwise)
  }
  return Object.fromEntries(all)
}

function tlsOf(p: Parameters): DatabaseAddress['tls'] {
  const system = p.sslrootcert === 'system'
  const asked = p.sslmode ?? (p.ssl === 'true' ? 'require' : p.ssl === 'false' ? 'disable' : undefined)
  const mode = asked ?? (system ? 'verify-full' : 'prefer')
  if (system && mode !== 'verify-full') throw new Error('sslrootcert=system requires sslmode=verify-full')
  if ((p.sslcert === undefined) !== (p.sslkey === undefined)) throw new Error('needs both sslcert and sslkey')
  return {
    // With a root certificate at hand nothing less than its word will do.
    mode: mode === 'require' && p.sslrootcert ? 'verify-ca' : mode,
    direct: p.sslnegotiation === 'direct',
    ...(p.sslrootcert && !system && { root: p.sslrootcert }),
    ...(p.sslcert && { certificate: p.sslcert }),
    ...(p.sslkey && { key: p.sslkey }),
    ...(p.sslpassword && { password: p.sslpassword }),
  }
}

function placeOf(place: string): [host: string, port: string] {
  if (decode(place).includes(',')) throw new Error('names several servers; only one is supported')
  const [whole, host = '', port = ''] = /^(\[[^\]]*\]|[^:]*)(?::(.*))?$/.exec(place) ?? []
  if (whole === undefined) throw new Error('has no valid host')
  return [decode(host), port]
}

function hostOf(text: string): string {
  if (text.includes(',')) throw new Error('names several servers; only one is supported')
  if (text === '') return 'localhost'
  if (text.startsWith('/')) return text.replace(/(?<=.)\/+$/, '')
  const host = parseHost(text.includes(':') && !text.startsWith('[') ? `[${text}]` : text)
  if (!host) throw new Error('has no valid host')
  return unbracketed(host)
}

function portOf(text: string): number {
  const port = text === '' ? 5432 : Number(text)
  if (!/^\d*$/.test(text) || port < 1 || port > 65_535) throw new Error('has an invalid port')
  return port
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    throw new Error('has a % that is not part of an encoded character; write it as %25')
  }
}
