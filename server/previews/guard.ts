import { Resolver, lookup as systemLookup } from 'node:dns/promises'
import { isIP, type LookupFunction } from 'node:net'
import { config } from '../config.ts'
import { unbracketed } from '../settings/hosts.ts'
import { isPublic } from './addresses.ts'

/** A URL that must not be requested. */
export class Refused extends Error {}

/** All addresses of a name. */
export type Resolve = (hostname: string) => Promise<{ address: string }[]>

/** Names from this machine's own files and networks. */
const resolveBySystem: Resolve = (hostname) => systemLookup(hostname, { all: true })

/**
 * Names from the DNS. Not by the system's resolver, which would append the domains of this network, and blocks one of
 * Node's four threads: a deliberately slow name server could block them all.
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

/** A host in the form that sockets take. */
export const hostOf = (url: URL) => unbracketed(url.hostname)

const isAllowed = (url: URL) =>
  config.linkPreviewAllowHosts.has(`${url.hostname}:${url.port || ports[url.protocol]}`)

/**
 * Checks a URL as far as possible without a lookup; Node's parser has normalized decimal, octal, hexadecimal and
 * full-width addresses. An IP address is never looked up, so it is checked here.
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
 * The lookup for a connection to this URL. The socket connects only to its result, so that a second DNS answer cannot
 * lead elsewhere. A single address that is not public refuses them all.
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
