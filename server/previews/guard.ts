import { Resolver, lookup as systemLookup } from 'node:dns/promises'
import { isIP, type LookupFunction } from 'node:net'
import { config } from '../config.ts'
import { unbracketed } from '../settings/hosts.ts'
import { isPublic } from './addresses.ts'

/** We do not ask there. */
export class Refused extends Error {}

/** All addresses of a name. */
export type Resolve = (hostname: string) => Promise<{ address: string }[]>

/** What this machine's own files and networks call so. */
const resolveBySystem: Resolve = (hostname) => systemLookup(hostname, { all: true })

/**
 * What the Internet calls so. Not by the system, which would add the domains of this network to a name, and which looks
 * up in one of Node's four threads: a name server that is slow on purpose could hold them all.
 */
const resolveByDns: Resolve = async (hostname) => {
  const resolver = new Resolver({ timeout: 1000, tries: 2 })
  const [four, six] = await Promise.allSettled([resolver.resolve4(hostname), resolver.resolve6(hostname)])
  if (four.status === 'rejected' && six.status === 'rejected') throw four.reason
  return [four, six]
    .flatMap((answer) => (answer.status === 'fulfilled' ? answer.value : []))
    .map((address) => ({ address }))
}

const ports: Record<string, string> = { 'http:': '80', 'https:': '443' }

/** A host as sockets want it. */
export const hostOf = (url: URL) => unbracketed(url.hostname)

const isAllowed = (url: URL) =>
  config.linkPreviewAllowHosts.has(`${url.hostname}:${url.port || ports[url.protocol]}`)

/**
 * A URL that may be asked as far as it can be told without a look-up; Node has brought decimal, octal, hexadecimal and
 * full-width addresses into their one form by parsing it. An address in it is never looked up, so it is judged here.
 * @throws Refused
 */
export function checkUrl(text: string, base?: URL): URL {
  const url = URL.parse(text, base)
  if (!url) throw new Refused('no URL')
  if (!(url.protocol in ports)) throw new Refused('neither http nor https')
  if (url.username || url.password) throw new Refused('somebody’s name or password is in it')
  if (isAllowed(url)) return url
  if (url.port) throw new Refused('an unusual port')
  if (isIP(hostOf(url)) && !isPublic(hostOf(url))) throw new Refused('an address that is not public')
  return url
}

/**
 * The look-up of a connection to this URL. The socket connects to what it answers and to nothing else, so no second
 * answer of the name's server can lead elsewhere. One address that is not public spoils them all.
 */
export function guardedLookup(url: URL, resolve?: Resolve): LookupFunction {
  return (hostname, { all }, answer) => {
    addressesOf(url, hostname, resolve ?? (isAllowed(url) ? resolveBySystem : resolveByDns)).then(
      (found) => (all ? answer(null, found) : answer(null, found[0]!.address, found[0]!.family)),
      (error) => answer(error, '', 0),
    )
  }
}

async function addressesOf(url: URL, hostname: string, resolve: Resolve) {
  const found = await resolve(hostname)
  if (found.length === 0) throw new Refused('a name without address')
  if (!isAllowed(url) && !found.every(({ address }) => isPublic(address)))
    throw new Refused('a name with an address that is not public')
  return found.map(({ address }) => ({ address, family: isIP(address) }))
}
