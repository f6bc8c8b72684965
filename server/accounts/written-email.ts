import { domainToUnicode } from 'node:url'
import { mapDomain } from '../contract/email.ts'

/** A canonical e-mail with its domain as people write it, as a portal may have stored it. */
export const writtenEmail = (email: string): string =>
  mapDomain(email, (domain) => domainToUnicode(domain) || domain)
