import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** What a run found, for the next one: written at every change, for a run takes long. */
export class Cache<T> {
  readonly #path: string
  readonly #entries: Map<string, T>

  constructor(folder: string, name: string) {
    this.#path = join(folder, `${name}.json`)
    this.#entries = new Map(Object.entries(read(this.#path)))
  }

  get = (key: string): T | undefined => this.#entries.get(key)

  set(key: string, value: T): void {
    this.#entries.set(key, value)
    mkdirSync(dirname(this.#path), { recursive: true })
    writeFileSync(this.#path, JSON.stringify(Object.fromEntries(this.#entries)))
  }
}

function read(path: string): Record<string, never> {
  try {
    return JSON.parse(readFileSync(path, 'utf8'))
  } catch {
    return {}
  }
}
