import { parseHost, unbracketed } from './hosts.ts'

/** Where clamd listens, as `connect()` of node:net takes it. */
export type Clamd = { path: string } | { host: string; port: number }

/** `unix:///run/clamav/clamd.ctl` or `tcp://scanner:3310` */
export function clamdUrl(text: string): Clamd {
  const url = URL.parse(text)
  const rest = url && (url.search || url.hash || url.username || url.password)
  if (url?.protocol === 'unix:' && !url.host && url.pathname.length > 1 && !rest)
    return { path: decodeURIComponent(url.pathname) }
  if (url?.protocol === 'tcp:' && parseHost(url.hostname) && /^\/?$/.test(url.pathname) && !rest)
    return { host: unbracketed(url.hostname), port: Number(url.port || 3310) }
  throw new Error('must be unix:///path/of/the.socket or tcp://host:port')
}
