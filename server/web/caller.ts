import type { Request } from 'express'
import ipaddr from 'ipaddr.js'

/**
 * The address that limits count a request by. For IPv6 it is the /64, which a single household or machine is usually
 * given as a whole.
 */
export const callerOf = ({ ip }: Pick<Request, 'ip'>): string => networkOf(ip ?? '')

export function networkOf(address: string): string {
  if (!ipaddr.isValid(address)) return address
  const parsed = ipaddr.process(address)
  if (!(parsed instanceof ipaddr.IPv6)) return parsed.toString()
  return `${new ipaddr.IPv6([...parsed.parts.slice(0, 4), 0, 0, 0, 0])}/64`
}
