import { parseHost } from './hosts.ts'

/** Says nothing of the value: there may be a password in it. */
export const unparsable =
  'is not a valid URL; in a name or password write signs such as # / ? @ : percent-encoded (%23 %2F %3F %40 %3A)'

/** A URL with one of these schemes and a host, parsed. */
export function parseUrl(text: string, ...schemes: string[]): URL {
  const start = schemes.map((scheme) => `${scheme}://`)
  if (!start.some((each) => text.toLowerCase().startsWith(each)))
    throw new Error(`must be a URL beginning with ${start.join(' or ')}`)
  const url = URL.parse(text)
  if (!url) throw new Error(unparsable)
  if (!parseHost(url.hostname)) throw new Error('must name a host')
  return url
}

/** Ready to be put before a path: `https://rozmowa.example.org`, its port only when it is not the usual one. */
export function publicAddress(text: string): string {
  const url = parseUrl(text, 'http', 'https')
  url.hostname = url.hostname.replace(/\.$/, '')
  const extra = extraPart(url)
  if (extra) throw new Error(`must have no ${extra}: scheme, host and port are all it takes`)
  return url.origin
}

function extraPart({ href, username, password, pathname, port }: URL): string | undefined {
  if (username || password) return 'name or password'
  if (href.includes('?')) return 'query'
  if (href.includes('#')) return 'fragment'
  if (!/^\/*$/.test(pathname)) return 'path'
  return port === '0' ? 'port 0' : undefined
}

/** `smtps://user:password@host` */
export function smtpUrl(text: string): string {
  const url = parseUrl(text, 'smtp', 'smtps')
  if (!/^\/?$/.test(url.pathname)) throw new Error('must have no path')
  if (url.hash) throw new Error(unparsable)
  return url.href
}

/** `http://collector:4318`, ready to be put before `/v1/traces`. */
export function collectorUrl(text: string): string {
  const url = parseUrl(text, 'http', 'https')
  if (url.username || url.password || url.search || url.hash)
    throw new Error('must have no name, password, query or fragment')
  return url.href.replace(/\/+$/, '')
}
