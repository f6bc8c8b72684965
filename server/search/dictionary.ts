import { setImmediate } from 'node:timers/promises'
import { fold } from '../../views/people/names.ts'

export interface Entry {
  /** As it is written, with diacritics and capitals. */
  stem: string
  /** Of rules that make its forms. */
  flags: string
}

const [slash, lineFeed] = [0x2f, 0x0a]
/** FNV-1a. */
const [basis, prime] = [0x811c9dc5, 0x01000193]

/** What a letter of up to two bytes is when folded, as a code of ASCII; 0 for what no word of ours is made of. */
const letters = Uint8Array.from({ length: 0x250 }, (_, code) => {
  const folded = fold(String.fromCharCode(code))
  return /^[a-z]$/.test(folded) ? folded.charCodeAt(0) : 0
})

/**
 * The stems of a Hunspell dictionary, found without diacritics and case. A file of 4 MB stays what it is, bytes, beside a
 * table of the places where lines begin: its 300,000 lines as strings would take ten times as much.
 */
export class Dictionary {
  readonly #bytes: Uint8Array
  /** By the hash of the folded stem, or the next that is free; 0 for none. */
  readonly #places: Uint32Array

  private constructor(bytes: Uint8Array, lines: number) {
    this.#bytes = bytes
    this.#places = new Uint32Array(2 ** Math.ceil(Math.log2(lines * 1.5)))
  }

  /**
   * Takes a tenth of a second, in which others have their turn.
   * @param bytes the file that ends in `.dic`: a line with the number of lines, and a stem with its flags in each
   */
  static async open(bytes: Uint8Array): Promise<Dictionary> {
    const first = bytes.indexOf(lineFeed) + 1
    const lines = Number.parseInt(decode(bytes.subarray(0, first)), 10)
    const dictionary = new Dictionary(bytes, lines)
    let start = first
    for (let line = 1; line <= lines && start > 0 && start < bytes.length; line++) {
      const hash = dictionary.#hashOfLine(start)
      if (hash !== undefined) dictionary.#places[dictionary.#free(hash)] = start
      start = bytes.indexOf(lineFeed, start) + 1
      if (line % 10_000 === 0) await setImmediate()
    }
    return dictionary
  }

  /** All whose folded stem this is. @param stem of the letters a to z */
  find(stem: string): Entry[] {
    const found: Entry[] = []
    const mask = this.#places.length - 1
    for (let at = hashOf(stem) & mask; this.#places[at]; at = (at + 1) & mask) {
      const entry = this.#read(this.#places[at]!)
      if (fold(entry.stem) === stem) found.push(entry)
    }
    return found
  }

  #free(hash: number): number {
    const mask = this.#places.length - 1
    let at = hash & mask
    while (this.#places[at]) at = (at + 1) & mask
    return at
  }

  #read(start: number): Entry {
    const end = this.#bytes.indexOf(lineFeed, start)
    const [stem, flags] = decode(this.#bytes.subarray(start, end < 0 ? undefined : end))
      .trim()
      .split('/')
    return { stem: stem!, flags: flags ?? '' }
  }

  #hashOfLine(start: number): number | undefined {
    let hash = basis
    for (let at = start; at < this.#bytes.length; at++) {
      const byte = this.#bytes[at]!
      if (byte === slash || byte === lineFeed) break
      const letter = letters[byte < 0x80 ? byte : ((byte & 0x1f) << 6) | (this.#bytes[++at]! & 0x3f)]
      if (!letter) return undefined
      hash = Math.imul(hash ^ letter, prime)
    }
    return hash
  }
}

function hashOf(stem: string): number {
  let hash = basis
  for (let at = 0; at < stem.length; at++) hash = Math.imul(hash ^ stem.charCodeAt(at), prime)
  return hash
}

const decoder = new TextDecoder()
const decode = (bytes: Uint8Array) => decoder.decode(bytes)
