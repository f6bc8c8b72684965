/** A text's first bytes, of which two in a row make a sign in UTF-16. */
const maxLooked = 4096

/**
 * Reads a text as UTF-16 where it is, by its byte order mark or its zeros. Any other is only looked at for signs that
 * all the rest of encodings share, UTF-8, ISO 8859-2, Windows-1250 and what DOS had.
 */
export function decoderOf(start: Buffer): TextDecoder {
  const mark = start.subarray(0, 2).toString('hex')
  if (mark === 'fffe') return new TextDecoder('utf-16le')
  if (mark === 'feff') return new TextDecoder('utf-16be')
  const looked = start.subarray(0, maxLooked)
  const [even, odd] = [0, 1].map((parity) => zeros(looked, parity)) as [number, number]
  // Half of what Latin letters are written with; of a binary file both.
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
