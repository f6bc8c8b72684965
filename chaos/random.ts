/** Random numbers that are the same for the same seed. */
export class Random {
  #state: number

  constructor(seed: number) {
    this.#state = seed >>> 0
  }

  /** In [0, 1); mulberry32. */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0
    let bits = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state)
    bits = (bits + Math.imul(bits ^ (bits >>> 7), 61 | bits)) ^ bits
    return ((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32
  }

  between = (low: number, high: number): number => low + (high - low) * this.next()
  below = (limit: number): number => Math.floor(this.next() * limit)
  chance = (share: number): boolean => this.next() < share
  pick = <T>(items: readonly T[]): T => items[this.below(items.length)]!

  shuffle<T>(items: readonly T[]): T[] {
    const rest = [...items]
    return items.map(() => rest.splice(this.below(rest.length), 1)[0]!)
  }

  /** An independent sequence, not affected by how often others draw. */
  fork(name: string | number): Random {
    let hash = this.#state ^ 0x9e3779b9
    for (const sign of String(name)) hash = Math.imul(hash ^ sign.codePointAt(0)!, 0x01000193)
    return new Random(hash)
  }

  /** A version 4 UUID. */
  uuid(): string {
    const hex = (digits: number) => Array.from({ length: digits }, () => this.below(16).toString(16)).join('')
    return `${hex(8)}-${hex(4)}-4${hex(3)}-${this.pick(['8', '9', 'a', 'b'])}${hex(3)}-${hex(12)}`
  }
}
