/** A label's value by its name. */
type Labels = Record<string, string>

/** A measure as it stands, in the form that prom-client writes and adds up; `metricName` where it is not the name. */
export interface Measured {
  name: string
  help: string
  type: 'counter' | 'gauge' | 'histogram'
  /** How the values of several processes become one. */
  aggregator: 'sum' | 'max'
  values: { labels: Labels; value: number; metricName?: string }[]
}

/** How often something has happened in this process: `value++` is all that counting costs. */
export interface Count {
  value: number
}

/** What is measured here, in the order in which it is shown. */
const measures: (() => Measured)[] = []

/** What is looked up before it is read. */
const lookups: (() => Promise<void>)[] = []
export const lookUpBefore = (look: () => Promise<void>): void => void lookups.push(look)

/** All measures of this process as they stand. */
export async function measured(): Promise<Measured[]> {
  await Promise.all(lookups.map((look) => look()))
  return measures.map((read) => read())
}

/** Something that is counted. */
export function counter(name: string, help: string): Count {
  const count: Count = { value: 0 }
  const read = (): Measured['values'] => [{ labels: {}, value: count.value }]
  measures.push(() => ({ name, help, type: 'counter', aggregator: 'sum', values: read() }))
  return count
}

/** Something that is counted by one label, whose values are known beforehand: all are there from the start, as 0. */
export function counters<const Value extends string>(
  name: string,
  help: string,
  label: string,
  values: readonly Value[],
): Record<Value, Count> {
  const counts = Object.fromEntries(values.map((value) => [value, { value: 0 }])) as Record<Value, Count>
  const read = () => values.map((value) => ({ labels: { [label]: value }, value: counts[value].value }))
  measures.push(() => ({ name, help, type: 'counter', aggregator: 'sum', values: read() }))
  return counts
}

/** Something that has a size, asked for when it is read. */
export interface Gauge<Value extends string = string> {
  /** By the label's value; nothing while this process has none. */
  read(): Partial<Record<Value, number>>
}

/** What is read of it is added up over all processes. @param label without one there is a single value, named `all` */
export function gauge<const Value extends string = 'all'>(
  name: string,
  help: string,
  { label, aggregator = 'sum' }: { label?: string; aggregator?: Measured['aggregator'] } = {},
): Gauge<Value> {
  const own: Gauge<Value> = { read: () => ({}) }
  const values = () =>
    Object.entries<number | undefined>(own.read()).map(([value, size]) => ({
      labels: label ? { [label]: value } : ({} as Labels),
      value: size ?? 0,
    }))
  measures.push(() => ({ name, help, type: 'gauge', aggregator, values: values() }))
  return own
}

/** How long something takes. */
export class Histogram {
  readonly #bounds: readonly number[]
  /** Of values up to each bound and above the one before it; the last is of those above all. */
  readonly #counts: number[]
  #sum = 0

  /** @param bounds in seconds, ascending */
  constructor(bounds: readonly number[]) {
    this.#bounds = bounds
    this.#counts = [...bounds, Infinity].map(() => 0)
  }

  observe(seconds: number): void {
    let i = 0
    while (i < this.#bounds.length && seconds > this.#bounds[i]!) i++
    this.#counts[i]!++
    this.#sum += seconds
  }

  values(name: string): Measured['values'] {
    let total = 0
    const buckets = this.#counts.map((count, i) => {
      total += count
      const le = i < this.#bounds.length ? `${this.#bounds[i]}` : '+Inf'
      return { metricName: `${name}_bucket`, labels: { le }, value: total }
    })
    return [
      ...buckets,
      { metricName: `${name}_sum`, labels: {}, value: this.#sum },
      { metricName: `${name}_count`, labels: {}, value: total },
    ]
  }
}

/** From a ms to ten seconds. */
const usualBounds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

export function histogram(name: string, help: string): Histogram {
  const own = new Histogram(usualBounds)
  measures.push(() => ({ name, help, type: 'histogram', aggregator: 'sum', values: own.values(name) }))
  return own
}
