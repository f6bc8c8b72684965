/** Words in the name of a parameter whose value is a key to something. */
const keyWords = new Set(
  'key sig code pass pwd otp sid sas jwt hmac pin auth token secret session ticket invite reset nonce saml'.split(
    ' ',
  ),
)
const keyParts =
  /token|secret|password|passwd|passcode|apikey|authkey|signature|credential|invit|resetcode|oauth|sessionid/
/** Parts of a path after which comes what was sent to one person only. */
const personal =
  /^(?:reset|password|invit|verif|confirm|activat|unsubscribe|optout|magic|onetime|sso|oauth|auth$|join$|signin|login|callback$)/
const uuid = /^[\da-f]{8}-?(?:[\da-f]{4}-?){3}[\da-f]{12}$/i
/** Long, and worthless to whoever finds it. */
const tracking = /^(?:utm_.*|.{0,3}clid|mc_[ce]id|igshid?|_ga|_gl|si|ref|srsltid)$/i

/**
 * Whether a URL looks like a key to something: asking for it would use it up, or show what one person was sent. Rather
 * one preview too few.
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

/** Whether it is made of letters and digits as no word is: 20 of them, or as many as a UUID has. */
function isOpaque(text: string): boolean {
  if (uuid.test(text)) return true
  return text.split(/[^\w+/=-]/).some((part) => {
    // A title with a number at its end is words between hyphens, a token in that alphabet has few of them.
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
