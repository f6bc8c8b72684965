import { z } from 'zod'
import { parseHost } from './hosts.ts'

/** Says nothing of the value: there may be a password in it. */
const unparsable =
  'is not a valid URL; in a name or password write signs such as # / ? @ : percent-encoded (%23 %2F %3F %40 %3A)'

/** A URL with one of these schemes and a host, parsed. */
const url = (...schemes: string[]) =>
  z.string().transform((text, context) => {
    const start = schemes.map((scheme) => `${scheme}://`)
    const isOurs = start.some((each) => text.toLowerCase().startsWith(each))
    if (!isOurs) context.addIssue(`must be a URL beginning with ${start.join(' or ')}`)
    const parsed = isOurs ? URL.parse(text) : null
    if (isOurs && !parsed) context.addIssue(unparsable)
    else if (parsed && !parseHost(parsed.hostname)) context.addIssue('must name a host')
    return parsed ?? z.NEVER
  })

/** Ready to be put before a path: `https://rozmowa.example.org`, its port only when it is not the usual one. */
export const publicAddress = url('http', 'https').transform((url, context) => {
  url.hostname = url.hostname.replace(/\.$/, '')
  const extra = extraPart(url)
  if (extra) context.addIssue(`must have no ${extra}: scheme, host and port are all it takes`)
  return url.origin
})

function extraPart({ href, username, password, pathname, port }: URL): string | undefined {
  if (username || password) return 'name or password'
  if (href.includes('?')) return 'query'
  if (href.includes('#')) return 'fragment'
  if (!/^\/*$/.test(pathname)) return 'path'
  return port === '0' ? 'port 0' : undefined
}

/** `redis://:password@host:6379/2` */
export const redisUrl = url('redis', 'rediss').transform((url, context) => {
  if (!/^\/?(?:\d{1,9})?$/.test(url.pathname))
    context.addIssue('must end in the number of a database, or in none: redis://host:6379/2')
  if (url.hash) context.addIssue(unparsable)
  return url.href
})

/** `smtps://user:password@host` */
export const smtpUrl = url('smtp', 'smtps').transform((url, context) => {
  if (!/^\/?$/.test(url.pathname)) context.addIssue('must have no path')
  if (url.hash) context.addIssue(unparsable)
  return url.href
})
