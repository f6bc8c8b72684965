import { isIP } from 'node:net'
import ipaddr from 'ipaddr.js'

type Network = ReturnType<typeof ipaddr.parseCIDR>

/** The only allocated part of IPv6; forms that embed an IPv4 address lie outside it, except 6to4 and Teredo. */
const given6 = ipaddr.parseCIDR('2000::/3')

/** Further ranges without public hosts, besides IANA's special-purpose registries, which `ipaddr.js` knows. */
const notPublic = [
  '168.63.129.16/32', // a cloud's own agent
  '3ffe::/16', // the former 6bone
].map((each) => ipaddr.parseCIDR(each))

/** Whether text is an IP address of the public Internet. */
export function isPublic(text: string): boolean {
  // A zone names a local interface; no public address needs one.
  if (text.includes('%') || !isIP(text)) return false
  const address = ipaddr.parse(text)
  if (address.range() !== 'unicast' || notPublic.some((network) => isIn(address, network))) return false
  return address.kind() === 'ipv4' || isIn(address, given6)
}

const isIn = (address: Network[0], [net, bits]: Network) =>
  address.kind() === net.kind() && address.match(net, bits)
