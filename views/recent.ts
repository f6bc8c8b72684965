/** An LRU cache of `max` entries. */
export class Recent<Value> {
  #kept = new Map<string, Value>()
  #max: number

  constructor(max: number) {
    this.#max = max
  }

  get size(): number {
    return this.#kept.size
  }

  get(key: string, make: () => Value): Value {
    const value = this.#kept.has(key) ? (this.#kept.get(key) as Value) : make()
    // A map keeps insertion order: the first entry is the least recently used.
    this.#kept.delete(key)
    this.#kept.set(key, value)
    if (this.#kept.size > this.#max) this.#kept.delete(this.#kept.keys().next().value as string)
    return value
  }
}
