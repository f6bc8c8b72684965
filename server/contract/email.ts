import { z } from 'zod'
import { tidy } from '../../views/people/names.ts'

/** zod's own, which knows no top-level domain that is internationalised. */
const pattern =
  /^(?!\.)(?!.*\.\.)[\w'+\-.]*[\w+-]@(?:[A-Za-z\d][A-Za-z\d-]*\.)+(?:[A-Za-z]{2,}|xn--[A-Za-z\d-]+)$/

/** One in ASCII stays as it was typed: what compares e-mails knows no case. Of anything else a URL's host would be cut. */
const international = /^(?=.*[^\0-\x7f])(?:[\w.-]|[^\0-\x7f])+$/

export const emailAddress = z.email({ pattern })

/** As it is stored: without what was pasted along, an internationalised domain as the DNS has it (xn--…). */
export function canonicalEmail(typed: string): string {
  const email = tidy(typed)
  return mapDomain(email, (domain) => (international.test(domain) ? inAscii(domain) : domain))
}

const inAscii = (domain: string): string => URL.parse(`ws://${domain}`)?.hostname ?? ''

/** @param map of the domain */
export function mapDomain(email: string, map: (domain: string) => string): string {
  const at = email.lastIndexOf('@') + 1
  return at === 0 ? email : email.slice(0, at) + map(email.slice(at))
}
