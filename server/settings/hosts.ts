import { isIP } from 'node:net'

const label = /^(?!-)[a-z\d_-]{1,63}(?<!-)$/

/**
 * A host as a URL has it: in lower case, of an international name its ASCII form, an IPv6 address in brackets and
 * shortened. Undefined when it is none.
 */
export function parseHost(text: string): string | undefined {
  if (/[/?#@\\%\s]/.test(text) || /:\d*$/.test(text.replace(/\[.*\]/, ''))) return undefined
  const host = URL.parse(`http://${text}/`)?.hostname.replace(/\.$/, '')
  if (!host) return undefined
  return host.startsWith('[') || host.split('.').every((each) => label.test(each)) ? host : undefined
}

/** A host of a URL as sockets want it: an IPv6 address without its brackets. */
export const unbracketed = (host: string) => host.replace(/^\[|\]$/g, '')

const hostOrPort = /^(.*):(\d{1,5})$/

/** `127.0.0.1:8080, intranet:80, [::1]:443`, each as `parseHost` writes it. */
export function hostsAndPorts(text: string): Set<string> {
  const all = text.split(',').map((each) => parseHostAndPort(each.trim()))
  if (all.includes(undefined))
    throw new Error('must be a list of host:port, such as intranet:80, [fd00::1]:8080')
  return new Set(all as string[])
}

function parseHostAndPort(text: string): string | undefined {
  const [, name = '', digits] = hostOrPort.exec(text) ?? []
  const [host, port] = [parseHost(name), Number(digits)]
  return host && port >= 1 && port <= 65_535 ? `${host}:${port}` : undefined
}

/** Where to listen: `0.0.0.0`, `::1`, `localhost`. */
export function listenAddress(text: string): string {
  const host = isIP(text) ? text : parseHost(text)
  if (!host) throw new Error('must be an IP address or a host name, without a port')
  return unbracketed(host)
}

/** `loopback, 172.30.99.0/24, fd00::1`, as Express takes them. */
export function networks(text: string): string[] {
  const all = text.split(',').map((each) => each.trim().toLowerCase())
  if (!all.every((each) => each === 'loopback' || isNetwork(each)))
    throw new Error('must be a list of IP addresses, networks such as 10.0.0.0/24, or loopback')
  return all
}

function isNetwork(text: string): boolean {
  const [, address = '', bits = '1'] = /^([\da-f.:]+)(?:\/([1-9]\d{0,2}))?$/.exec(text) ?? []
  const family = isIP(address)
  return family !== 0 && Number(bits) <= (family === 4 ? 32 : 128)
}
