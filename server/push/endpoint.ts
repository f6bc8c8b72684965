import { checkUrl, Refused } from '../previews/guard.ts'

/**
 * The address of a subscription at its push service. It is whatever a member says, so it is untrusted: previews' guard
 * decides where we connect to.
 * @throws Refused
 */
export function endpointUrl(text: string): URL {
  const url = checkUrl(text)
  if (url.protocol !== 'https:') throw new Refused('not https')
  url.hash = ''
  return url
}
