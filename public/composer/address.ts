/**
 * What somebody means by what they typed as a link's address: `https:`, `http:`, `mailto:` or `tel:`; undefined when
 * it is nothing that a message may lead to.
 */
export function addressOf(typed: string): string | undefined {
  const text = typed.trim().replace(/^<(.*)>$/, '$1')
  if (!text || hasControls(text)) return undefined
  if (/^https?:/i.test(text)) return web(text)
  if (/^mailto:/i.test(text)) return mail(text.slice('mailto:'.length))
  if (/^tel:/i.test(text)) return phone(text.slice('tel:'.length))
  return mail(text) ?? site(text) ?? phone(text)
}

const hasControls = (text: string) => /\p{Cc}/u.test(text)

function web(text: string): string | undefined {
  if (!/^https?:\/\/[^\s/]/i.test(text) || !URL.canParse(text)) return undefined
  return /\s/.test(text) ? new URL(text).href : text
}

function mail(text: string): string | undefined {
  return /^[^\s@<>()[\]:;,"\\/]+@[^\s@<>/]+\.\p{L}{2,}(\?\S*)?$/u.test(text) ? `mailto:${text}` : undefined
}

/** An address without its beginning: `www.example.org`, `example.org:8080/x`, `//example.org`. */
function site(text: string): string | undefined {
  const host = /^(?:\/\/)?((?:[\p{L}\p{N}_-]+\.)+\p{L}{2,}|\d+\.\d+\.\d+\.\d+)(?::\d{1,5})?(?:[/?#].*)?$/u
  return host.test(text) ? web(`https://${text.replace(/^\/\//, '')}`) : undefined
}

function phone(text: string): string | undefined {
  const digits = text.replace(/[\s().-]/g, '')
  return /^\+?\d{7,15}$/.test(digits) ? `tel:${digits}` : undefined
}
