import { BlockList, isIP } from 'node:net'

/**
 * What of IPv4 is nobody's public host, after the special-purpose registries of IANA. What a registry calls globally
 * reachable is refused too where it only leads on to other addresses, as relays do.
 */
const special4 = [
  '0.0.0.0/8', // this network
  '10.0.0.0/8', // private
  '100.64.0.0/10', // carrier-grade NAT
  '127.0.0.0/8', // loopback
  '168.63.129.16/32', // a cloud's own agent
  '169.254.0.0/16', // link-local, and the metadata of clouds
  '172.16.0.0/12', // private
  '192.0.0.0/24', // protocol assignments
  '192.0.2.0/24', // documentation
  '192.31.196.0/24', // AS112
  '192.52.193.0/24', // automatic multicast tunnels
  '192.88.99.0/24', // 6to4 relays
  '192.168.0.0/16', // private
  '192.175.48.0/24', // AS112
  '198.18.0.0/15', // benchmarks
  '198.51.100.0/24', // documentation
  '203.0.113.0/24', // documentation
  '224.0.0.0/4', // multicast
  '240.0.0.0/4', // reserved, broadcast
]

/** The only part of IPv6 that is given out; all that stands for an IPv4 address but 6to4 and Teredo lies outside. */
const public6 = '2000::/3'
const special6 = [
  '2001::/23', // protocol assignments: Teredo, ORCHID, benchmarks, AMT
  '2001:db8::/32', // documentation
  '2002::/16', // 6to4
  '2620:4f:8000::/48', // AS112
  '3fff::/20', // documentation
  '3ffe::/16', // the former 6bone
]

const list = (family: 'ipv4' | 'ipv6', ...ranges: string[]) => {
  const found = new BlockList()
  for (const range of ranges) {
    const [net, prefix] = range.split('/')
    found.addSubnet(net!, Number(prefix), family)
  }
  return found
}

const isSpecial4 = list('ipv4', ...special4)
const isGiven6 = list('ipv6', public6)
const isSpecial6 = list('ipv6', ...special6)

/** Whether an IP address, as text, is one of the public Internet. What is no address is not. */
export function isPublic(address: string): boolean {
  // A zone says through which interface of this machine; no public address needs one.
  if (address.includes('%')) return false
  const family = isIP(address)
  if (family === 4) return !isSpecial4.check(address, 'ipv4')
  return family === 6 && isGiven6.check(address, 'ipv6') && !isSpecial6.check(address, 'ipv6')
}
