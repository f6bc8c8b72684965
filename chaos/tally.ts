import { tableLines } from '../server/terminal/table.ts'
/** What is counted and measured while it runs. */
export class Tally {
  readonly #numbers = new Map<string, number>()
  readonly #kinds = new Map<string, Map<string, number>>()
  readonly #times = new Map<string, number[]>()

  add(name: string, by = 1): void {
    this.#numbers.set(name, this.of(name) + by)
  }

  of = (name: string): number => this.#numbers.get(name) ?? 0

  /** One more of a kind of something. */
  count(name: string, kind: string): void {
    const kinds = this.#kinds.get(name) ?? new Map<string, number>()
    this.#kinds.set(name, kinds.set(kind, (kinds.get(kind) ?? 0) + 1))
  }

  /** '3 this, 2 that', the most frequent first. */
  kindsOf(name: string): string {
    const kinds = [...(this.#kinds.get(name) ?? [])].sort((a, b) => b[1] - a[1])
    return kinds.map(([kind, times]) => `${times} ${kind}`).join(', ') || 'none'
  }

  /** @param ms how long it took */
  took(name: string, ms: number): void {
    const times = this.#times.get(name)
    if (times) times.push(ms)
    else this.#times.set(name, [ms])
  }

  /** 'p50 12 ms, p99 340 ms, max 2.1 s (812 times)' */
  timesOf(name: string): string {
    const times = (this.#times.get(name) ?? []).toSorted((a, b) => a - b)
    if (times.length === 0) return 'none'
    const at = (share: number) => spoken(times[Math.min(times.length - 1, Math.floor(times.length * share))]!)
    return `p50 ${at(0.5)}, p99 ${at(0.99)}, max ${at(1)} (${times.length} times)`
  }
}

const spoken = (ms: number) => (ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`)

/** Two columns. */
export function table(rows: [string, string | number][]): string {
  return tableLines(rows.map((row) => row.map(String)))
    .map((line) => `  ${line}\n`)
    .join('')
}
