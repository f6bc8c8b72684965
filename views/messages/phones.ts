const seam = String.raw`[ \u00a0\u2009\u202f\u2010\u2011\u2013-]`
const mobile = String.raw`(?:45|5[0137]|6[069]|7[2389]|88)\d|80[01]`
const area = '1[2-8]|2[2-59]|3[2-4]|4[1-468]|5[24-689]|6[1-357-8]|7[14-7]|8[1-79]|9[145]'

/** Polish words before numbers of other kinds: orders, invoices, tax ids, accounts… */
const otherNumberWords =
  'zam|order|fakt|fv|rach|regon|nip|krs|id|kod|przesył|pacz|klient|umow|polis|kont|sygn|spraw|wnios|poz'
const unlessOtherNumber = String.raw`(?<!(?<!\p{L})(?:${withCapitals(otherNumberWords)})\p{L}*[ .:#]{0,2}(?:n(?:ume)?r[ .:]{0,2})?)`

const grouped = String.raw`(?:${mobile})(?<seam>${seam}|\.)(?!000\k<seam>000)\d{3}\k<seam>\d{3}`
const inPairs = String.raw`(?:${mobile})${seam}\d{2}${seam}\d{2}${seam}\d{2}`
const whole = String.raw`${unlessOtherNumber}(?:${mobile})\d{6}`
const national = `${unlessOtherNumber}(?:48${seam})?(?:${grouped}|${inPairs})|${whole}`
const landline = String.raw`(?:\((?:0-?)?(?:${area})\)|0?(?:${area}))(?:${seam}|\/)(?:\d{3}${seam}\d{2}${seam}\d{2}|\d{2}${seam}\d{2}${seam}\d{3}|\d{3}${seam}\d{4})`
const withCode = String.raw`(?:\+|00${seam}?(?=48))[1-9]\d{0,14}(?:${seam}?\(\d{1,4}\))?(?:${seam}\d{1,12}){0,5}`
const announced = String.raw`(?<=(?:${withCapitals('tel|kom|fax|faks')})\p{L}*[.:]{0,2} ?)0?\d(?:(?:${seam}|\.)?\d){8}`

// Tested first and almost always decisive; the other patterns need slower lookbehinds.
const before = String.raw`(?=[\d(+])(?<![\p{L}_+@#&=%/\\-])(?<!\d(?:${seam}|[.:,/])?)`
const money = String.raw`${seam}?(?:zł|PLN|EUR|USD|€|\$)`
const after = String.raw`(?![\p{L}_@%]|${seam}?[./:,]?\d|${money})`

/** Telephone numbers as written in Poland; needs the flag `u`. */
export const phonePattern = `${before}(?:${withCode}|${national}|${landline}|${announced})${after}`

function withCapitals(words: string): string {
  return words
    .split('|')
    .flatMap((word) => [word, word[0]!.toUpperCase() + word.slice(1), word.toUpperCase()])
    .join('|')
}

/** The `tel:` target of a number as written. */
export function callTo(phone: string): string | undefined {
  const digits = phone.replace(/\D/g, '').replace(/^0+/, '')
  if (digits.length === 9 && !phone.startsWith('+')) return `tel:+48${digits}`
  return digits.length >= 8 && digits.length <= 15 ? `tel:+${digits}` : undefined
}
