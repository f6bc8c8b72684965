import { parseHost, unbracketed } from './hosts.ts'
import { parseUrl, unparsable } from './urls.ts'

interface HostAndPort {
  host: string
  port: number
}

interface Credentials {
  username?: string
  password?: string
}

/** Where Redis is: a single one, whichever the Sentinels name, or a Cluster. */
export type RedisAddress =
  | { kind: 'single'; url: string }
  | ({ kind: 'sentinel'; hosts: HostAndPort[]; master: string; db: number; own: Credentials } & Credentials)
  | ({ kind: 'cluster'; hosts: HostAndPort[] } & Credentials)

/** Refused with a reason that says nothing of the password. */
export function redisUrl(text: string): string {
  const address = parseRedisUrl(text)
  return address.kind === 'single' ? address.url : text
}

/**
 * Reads `redis://:password@host:6379/2`, `redis+sentinel://user:password@h1:26379,h2:26379/master/2` and
 * `redis+cluster://user:password@h1:6379,h2:6379`.
 * @throws Error with the reason
 */
export function parseRedisUrl(text: string): RedisAddress {
  const [whole, kind = ''] = /^redis\+(sentinel|cluster):\/\//i.exec(text) ?? []
  if (whole === undefined) return { kind: 'single', url: singleUrl(text) }
  return kind.toLowerCase() === 'sentinel' ? sentinel(text) : cluster(text)
}

function singleUrl(text: string): string {
  const url = parseUrl(text, 'redis', 'rediss', 'redis+sentinel', 'redis+cluster')
  if (!/^\/?(?:\d{1,9})?$/.test(url.pathname))
    throw new Error('must end in the number of a database, or in none: redis://host:6379/2')
  if (url.hash) throw new Error(unparsable)
  return url.href
}

const sentinelForm = 'redis+sentinel://host1:26379,host2:26379/master'

function sentinel(text: string): RedisAddress {
  const { credentials, hosts, path, query } = partsOf(text, 26_379)
  const [, master, db = '0'] = /^\/([\w.-]+)(?:\/(\d{1,9}))?\/?$/.exec(path) ?? []
  if (!master) throw new Error(`must name the master, and may name a database: ${sentinelForm}/2`)
  return { kind: 'sentinel', hosts, master, db: Number(db), ...credentials, own: ownCredentials(query) }
}

/** Sentinels may have a password of their own. */
function ownCredentials(query: string): Credentials {
  const names = { sentinel_user: 'username', sentinel_password: 'password' } as const
  const given = [...new URLSearchParams(query)]
  const unknown = given.map(([name]) => name).filter((name) => !Object.hasOwn(names, name))
  if (unknown.length > 0) throw new Error(`knows no parameter ${unknown.join(', ')}`)
  return Object.fromEntries(given.map(([name, value]) => [names[name as keyof typeof names], value]))
}

function cluster(text: string): RedisAddress {
  const { credentials, hosts, path, query } = partsOf(text, 6379)
  if (!/^(?:\/0?)?$/.test(path)) throw new Error('must name no database: a Cluster has only the first')
  if (query) throw new Error('takes no parameters: redis+cluster://host1:6379,host2:6379')
  return { kind: 'cluster', hosts, ...credentials }
}

function partsOf(text: string, usualPort: number) {
  const [, userinfo, places = '', path = '', query = ''] =
    /^[^/]*:\/\/(?:([^@/?#]*)@)?([^@/?#]*)(\/[^?#]*)?(?:\?([^#]*))?$/.exec(text) ?? []
  if (!places) throw new Error(unparsable)
  return {
    credentials: credentialsOf(userinfo),
    hosts: places.split(',').map((place) => hostAndPort(place.trim(), usualPort)),
    path,
    query,
  }
}

function credentialsOf(userinfo = ''): Credentials {
  const [, username = '', password = ''] = /^([^:]*):?(.*)$/s.exec(userinfo) ?? []
  return {
    ...(username && { username: decode(username) }),
    ...(password && { password: decode(password) }),
  }
}

function hostAndPort(place: string, usualPort: number): HostAndPort {
  const [, name = '', digits = `${usualPort}`] = /^(\[[^\]]*\]|[^:]*)(?::(\d{1,5}))?$/.exec(place) ?? []
  const [host, port] = [parseHost(name), Number(digits)]
  if (!host || port < 1 || port > 65_535)
    throw new Error('must be a list of host:port, such as host1:6379,[fd00::1]:6379')
  return { host: unbracketed(host), port }
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    throw new Error(unparsable)
  }
}
