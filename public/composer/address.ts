import { targetOf } from '../../views/messages/addresses.ts'
import { callTo } from '../../views/messages/phones.ts'

/**
 * The target of what was typed as a link's address. More lenient than in text, because here it can only be an address:
 * `x.museum`, `//x.pl`, `192.168.1.10`, 7 digits.
 * @returns `https:`, `http:`, `mailto:` or `tel:`; undefined when a message may not lead there
 */
export function addressOf(typed: string): string | undefined {
  const text = typed.trim().replace(/^<(.*)>$/, '$1')
  if (/\p{Cc}/u.test(text)) return undefined
  const phone = /^(?:tel:)?(\+?[\d\s().\u2010-\u2013/-]+)$/i.exec(text)?.[1]
  return targetOf(site(text) ?? mail(text) ?? (phone ? call(phone) : text))
}

/** An address without its scheme: `www.example.org`, `example.org:8080/x`, `//example.org`. */
function site(text: string): string | undefined {
  const host = /^(?:\/\/)?((?:[\p{L}\p{N}_-]+\.)+\p{L}{2,}|\d+\.\d+\.\d+\.\d+)(?::\d{1,5})?(?:[/?#].*)?$/u
  return host.test(text) ? `https://${text.replace(/^\/\//, '')}` : undefined
}

const mail = (text: string) => (/^[^\s@:/]+@[^\s@]+\.\p{L}{2,}\?/u.test(text) ? `mailto:${text}` : undefined)

function call(phone: string): string {
  const digits = phone.replace(/[^\d+]/g, '')
  return callTo(phone) ?? (/^\+?\d{3,15}$/.test(digits) ? `tel:${digits}` : '')
}
