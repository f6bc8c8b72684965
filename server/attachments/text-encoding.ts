/** A text's first bytes, even in number, as UTF-16 has two for each unit. */
const maxLooked = 4096

/**
 * Decodes UTF-16, recognized by its byte order mark or its zeros. Any other text is only searched for ASCII, which
 * UTF-8, ISO 8859-2, Windows-1250 and the DOS code pages share.
 */
export function decoderOf(start: Buffer): TextDecoder {
  const mark = start.subarray(0, 2).toString('hex')
  if (mark === 'fffe') return new TextDecoder('utf-16le')
  if (mark === 'feff') return new TextDecoder('utf-16be')
  const looked = start.subarray(0, maxLooked)
  const [even, odd] = [0, 1].map((parity) => zeros(looked, parity)) as [number, number]
  // In UTF-16 one of the two bytes of a Latin letter is zero; in a binary file both may be.
  const many = looked.length / 2 / 3
  if (odd > many && even * 20 < odd) return new TextDecoder('utf-16le')
  if (even > many && odd * 20 < even) return new TextDecoder('utf-16be')
  return new TextDecoder('utf-8')
}

function zeros(bytes: Buffer, parity: number): number {
  let count = 0
  for (let at = parity; at < bytes.length; at += 2) if (bytes[at] === 0) count++
  return count
}
