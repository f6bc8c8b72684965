import { Counter, Histogram as LibraryHistogram, Registry } from 'prom-client'
import { currentContext, within } from '../server/context.ts'
import { watchDatabase } from '../server/db/watch.ts'
import { eventsOut, messages, requestSeconds } from '../server/metrics/measures.ts'
import { print } from './measure.ts'

const rounds = 1_000_000
const register = new Registry()
const library = {
  counter: new Counter({ name: 'counter', help: '-', labelNames: ['outcome'], registers: [register] }),
  histogram: new LibraryHistogram({
    name: 'histogram',
    help: '-',
    labelNames: ['kind'],
    registers: [register],
  }),
}

/** As the driver has it: what is hooked is the prototype. */
class Statement {
  state = null
  executed = false
  canceller = Statement
  handler = Statement
  resolve = () => {}
  reject = () => {}
  handle(): void {
    this.executed = true
  }
}

/** What it costs to be measured, and what the library would take for the same, on the way of a message. */
export async function benchCounting(): Promise<void> {
  const bare = nanoseconds(ask)
  watchDatabase({ unsafe: () => new Statement(), begin: () => {} }, '', 1)
  const context = () => within({ requestId: 'x' }, currentContext)
  const rows: [string, string, number, number?][] = [
    [
      'an event that is written to a stream',
      'each reader',
      nanoseconds(countEvent),
      nanoseconds(libraryCount),
    ],
    ['a commit that was delivered', 'each worker', nanoseconds(observe), nanoseconds(libraryObserve)],
    ['a message that was stored', 'each send', nanoseconds(() => void messages.sent.value++)],
    ['a statement, begun and answered', 'each statement', nanoseconds(ask) - bare],
    ['a request, with its context', 'each request', nanoseconds(context)],
  ]
  print('To be measured, in ns', [
    ['', 'once for', 'takes', 'prom-client'],
    ...rows.map(([what, once, own, of]) => [what, once, own.toFixed(1), of?.toFixed(1) ?? '']),
  ])
}

/** Of the fastest of five: the others waited for something. */
function nanoseconds(work: () => unknown): number {
  const times = Array.from({ length: 5 }, () => {
    const start = performance.now()
    for (let i = 0; i < rounds; i++) work()
    return ((performance.now() - start) / rounds) * 1e6
  })
  return Math.min(...times)
}

const countEvent = () => void eventsOut.value++
const libraryCount = () => library.counter.inc({ outcome: 'sent' })
const observe = () => requestSeconds.observe((Date.now() - 1_700_000_000_000) / 1e15)
const libraryObserve = () => library.histogram.observe({ kind: 'x' }, (Date.now() - 1_700_000_000_000) / 1e15)

function ask(): void {
  const statement = new Statement()
  statement.handle()
  statement.resolve()
}
