import { isIP } from 'node:net'
import ipaddr from 'ipaddr.js'

type Network = ReturnType<typeof ipaddr.parseCIDR>

/** The only part of IPv6 that is given out; what stands for an IPv4 address lies outside it, but for 6to4 and Teredo. */
const given6 = ipaddr.parseCIDR('2000::/3')

/** What is no public host either, beyond the special-purpose registries of IANA, which `ipaddr.js` knows. */
const notPublic = [
  '168.63.129.16/32', // a cloud's own agent
  '3ffe::/16', // the former 6bone
].map((each) => ipaddr.parseCIDR(each))

/** Whether an IP address, as text, is one of the public Internet. What is no address is not. */
export function isPublic(text: string): boolean {
  // A zone says through which interface of this machine; no public address needs one.
  if (text.includes('%') || !isIP(text)) return false
  const address = ipaddr.parse(text)
  if (address.range() !== 'unicast' || notPublic.some((network) => isIn(address, network))) return false
  return address.kind() === 'ipv4' || isIn(address, given6)
}

const isIn = (address: Network[0], [net, bits]: Network) =>
  address.kind() === net.kind() && address.match(net, bits)
