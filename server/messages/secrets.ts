/** Words in a parameter's name that suggest its value grants access to something. */
const keyWords = new Set(
  'key sig code pass pwd otp sid sas jwt hmac pin auth token secret session ticket invite reset nonce saml'.split(
    ' ',
  ),
)
const keyParts =
  /token|secret|password|passwd|passcode|apikey|authkey|signature|credential|invit|resetcode|oauth|sessionid/
/** Path segments that are followed by what was sent to one person only. */
const personal =
  /^(?:reset|password|invit|verif|confirm|activat|unsubscribe|optout|magic|onetime|sso|oauth|auth$|join$|signin|login|callback$)/
const uuid = /^[\da-f]{8}-?(?:[\da-f]{4}-?){3}[\da-f]{12}$/i
/** Long values that grant no access. */
const tracking = /^(?:utm_.*|.{0,3}clid|mc_[ce]id|igshid?|_ga|_gl|si|ref|srsltid)$/i

/**
 * Whether a URL looks as if it granted access to something: requesting it could use it up, or reveal what was meant for
 * one person. When in doubt, it does.
 */
export function holdsSecret(url: URL): boolean {
  if (url.username || url.password) return true
  const fragment = new URLSearchParams(url.hash.slice(1))
  const parameters = [
    ...url.searchParams,
    ...fragment,
    ...new URLSearchParams(url.search.replaceAll(';', '&')),
  ]
  return parameters.some(([name, value]) => isKey(name, value)) || pathHoldsSecret(url.pathname)
}

function isKey(name: string, value: string): boolean {
  const words = name
    .replace(/([a-z\d])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z\d]+/)
  if (words.some((word) => keyWords.has(word)) || keyParts.test(words.join(''))) return true
  return !tracking.test(name) && isOpaque(value || name)
}

function pathHoldsSecret(path: string): boolean {
  const segments = path.split('/').filter(Boolean).map(plain)
  return segments.some((segment, at) => {
    const isLast = at === segments.length - 1
    return isOpaque(segment) || (!isLast && personal.test(segment.toLowerCase().replace(/[^a-z\d]/g, '')))
  })
}

/** Whether it mixes letters and digits as no word does: at least 20 of them, or a UUID. */
function isOpaque(text: string): boolean {
  if (uuid.test(text)) return true
  return text.split(/[^\w+/=-]/).some((part) => {
    // A title that ends with a number is words between hyphens; a token in that alphabet has few hyphens.
    const pieces = part.split(/[-_+/=]+/)
    if (pieces.some((piece) => piece.length >= 20 && /\d/.test(piece) && /[a-z]/i.test(piece))) return true
    return (
      part.length >= 24 &&
      pieces.some((piece) => /[a-z]\d+[A-Z]|[A-Z]\d+[a-z]|\d[a-z]+[A-Z]|[a-z][A-Z]+\d/.test(piece))
    )
  })
}

function plain(segment: string): string {
  try {
    return decodeURIComponent(segment)
  } catch {
    return segment
  }
}
