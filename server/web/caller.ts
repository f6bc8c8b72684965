import type { Request } from 'express'
import ipaddr from 'ipaddr.js'

/**
 * Whose address a request came from, as limits count it: of IPv6 the /64, for that is what one household or one
 * machine is given, and all of it is theirs to choose from.
 */
export const callerOf = ({ ip }: Pick<Request, 'ip'>): string => networkOf(ip ?? '')

export function networkOf(address: string): string {
  if (!ipaddr.isValid(address)) return address
  const parsed = ipaddr.process(address)
  if (!(parsed instanceof ipaddr.IPv6)) return parsed.toString()
  return `${new ipaddr.IPv6([...parsed.parts.slice(0, 4), 0, 0, 0, 0])}/64`
}
