import { tableLines } from '../server/terminal/table.ts'

export interface Load {
  /** Calls that ended, per second. */
  rate: number
  p50: number
  p95: number
  p99: number
}

/** Calls `work` over and over by `callers` at once, for so many seconds after half a second to warm up; latencies in ms. */
export async function load(
  callers: number,
  seconds: number,
  work: (caller: number) => Promise<unknown>,
): Promise<Load> {
  const start = performance.now() + 500
  const end = start + seconds * 1000
  const latencies: number[] = []
  const call = async (caller: number) => {
    for (let before = performance.now(); before < end; before = performance.now()) {
      await work(caller)
      if (before >= start) latencies.push(performance.now() - before)
    }
  }
  await Promise.all(Array.from({ length: callers }, (_, caller) => call(caller)))
  return { rate: latencies.length / seconds, ...percentiles(latencies) }
}

export function percentiles(values: number[]): Pick<Load, 'p50' | 'p95' | 'p99'> {
  const sorted = values.toSorted((a, b) => a - b)
  const at = (share: number) =>
    sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN
  return { p50: at(0.5), p95: at(0.95), p99: at(0.99) }
}

export const ms = (value: number) => `${value.toFixed(2)} ms`
export const perSecond = (value: number) => `${Math.round(value).toLocaleString('en')}/s`
export const seconds = (value: number) => `${value.toFixed(2)} s`
export const kib = (value: number) => `${value.toFixed(1)} KiB`
export const mb = (value: number) => `${Math.round(value)} MB`
/** How many times the floor. */
export const ratio = (value: number, floor: number) => `${(value / floor).toFixed(2)}x`

/** Prints a table whose first row is its head. */
export function print(title: string, rows: string[][]): void {
  const lines = tableLines(rows).map((line) => `  ${line}\n`)
  process.stdout.write(`\n${title}\n${lines.join('')}`)
}
