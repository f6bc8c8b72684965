import { isIP } from 'node:net'
import addressparser from 'nodemailer/lib/addressparser'
import { parseHost, unbracketed } from './hosts.ts'

export interface Mailbox {
  name: string
  /** Its domain in ASCII. */
  address: string
}

const local = /^(?:[\w!#$%&'*+/=?^`{|}~-]+(?:\.[\w!#$%&'*+/=?^`{|}~-]+)*|"(?:[^"\\]|\\.)+")$/
/** What the lenient parser would make the best of: brackets that do not close, or stand before something. */
const orderly = /^[^<>;]*(?:<[^<>\s]*>\s*)?$/

/** `Rozmowa <rozmowa@example.org>`, `"Związek, Oddział Łódź" <biuro@example.org>`, or the address alone. */
export function mailbox(text: string): Mailbox {
  const found = isOrderly(text) ? addressparser(text) : []
  const [only] = found
  const address = found.length === 1 && only && 'address' in only && asciiAddress(only.address ?? '')
  if (!address) throw new Error('must be one e-mail address, such as "Portal" <portal@example.org>')
  return { name: only.name, address }
}

/** Apart from what is quoted or a comment. */
const isOrderly = (text: string) => orderly.test(text.replace(/"(?:[^"\\]|\\.)*"|\([^()]*\)/g, ''))

function asciiAddress(address: string): string | undefined {
  const [, name = '', at = ''] = /^(.+)@([^@]+)$/s.exec(address) ?? []
  const domain = asciiDomain(at)
  return domain && local.test(name) ? `${name}@${domain}` : undefined
}

function asciiDomain(text: string): string | undefined {
  const literal = /^\[(?:IPv6:)?(.+)\]$/i.exec(text)?.[1]
  if (literal) return isIP(literal) ? domainOf(literal) : undefined
  const host = parseHost(text)
  return host && isIP(unbracketed(host)) ? undefined : host
}

/** A host as the domain of an e-mail address. */
export function domainOf(host: string): string {
  const family = isIP(unbracketed(host))
  return family === 0 ? host : `[${family === 6 ? 'IPv6:' : ''}${unbracketed(host)}]`
}
