import { apartFromContext, beginWait, currentContext, endWait } from '../context.ts'
import { poolSize, poolUsed, poolWaiting, querySeconds } from '../metrics/measures.ts'
import { tracer } from '../metrics/traces.ts'
import type { Query, Running } from './running.ts'
import { findCauses, logSlow, slowMs } from './slow.ts'

interface Watched {
  unsafe(text: string): unknown
  begin: unknown
}

const running = new Set<Running>()
/** Pools whose statements are watched, by what their statements have in common. */
const pools = new WeakSet<object>()
const outside = new WeakSet<object>()
let transactions = 0
let isHooked = false
let isLooking = false
let address = ''

/** Measures the statements of a pool of connections, and logs those that take long, with the cause. */
export function watchDatabase(sql: Watched, url: string, max: number): void {
  address = url
  const sample = sql.unsafe('') as Query
  pools.add(sample.canceller as object)
  outside.add(sample.handler as object)
  if (!isHooked) hook(Object.getPrototypeOf(sample))
  isHooked = true
  countTransactions(sql as { begin(...args: unknown[]): Promise<unknown> })
  poolSize.read = () => ({ all: max })
  poolUsed.read = () => ({ all: countUsed() })
  poolWaiting.read = () => ({ all: [...running].filter(({ query }) => !query.state).length })
}

/** Every statement comes by here when it is wanted. */
function hook(prototype: Query): void {
  const { handle } = prototype
  prototype.handle = function (this: Query) {
    if (!this.executed && pools.has(this.canceller as object)) begin(this)
    return handle.call(this)
  }
}

function begin(query: Query): void {
  const asked: Running = { query, since: performance.now(), context: currentContext() }
  running.add(asked)
  if (asked.context) beginWait(asked.context, asked.since)
  const { resolve, reject } = query
  query.resolve = (value) => {
    end(asked)
    resolve(value)
  }
  query.reject = (error) => {
    end(asked)
    reject(error)
  }
  if (!isLooking) lookAfter(slowMs / 2)
}

function end(asked: Running): void {
  if (!running.delete(asked)) return
  const now = performance.now()
  const ms = now - asked.since
  if (ms > slowMs) asked.cause ??= 'process'
  querySeconds.observe(ms / 1000)
  const { query, context, cause } = asked
  const text = query.string ?? ''
  if (context) endWait(context, { ms, statement: text, cause }, now)
  if (tracer && context?.span) tracer.addStatement(context.span, { text, since: asked.since, ms, cause })
  if (ms > slowMs) logSlow(asked, ms)
}

function lookAfter(ms: number): void {
  isLooking = true
  apartFromContext(() => setTimeout(look, ms, performance.now() + ms).unref())
}

/** Time for the answers that have come by now. */
const catchUpMs = 20

/** Half-way to being slow. What has its answer before it is looked at waited for this process, which was busy. */
async function look(dueAt: number): Promise<void> {
  const now = performance.now()
  if (now - dueAt > slowMs / 4) return lookAfter(catchUpMs)
  isLooking = running.size > 0
  if (isLooking) lookAfter(slowMs / 2)
  const long = [...running].filter(({ since, cause }) => !cause && now - since >= slowMs / 2)
  for (const asked of long) asked.cause = asked.query.state ? 'database' : 'pool'
  const sent = long.filter(({ cause }) => cause === 'database')
  if (sent.length > 0) await findCauses(sent, address)
}

/** Connections with a statement on them, and those that a transaction holds. */
function countUsed(): number {
  const single = [...running].filter(({ query }) => query.state && outside.has(query.handler as object))
  return new Set(single.map(({ query }) => query.state)).size + transactions
}

function countTransactions(sql: { begin(...args: unknown[]): Promise<unknown> }): void {
  const { begin } = sql
  sql.begin = (...args) => {
    const work = args.pop() as (tx: unknown) => unknown
    const counted = async (tx: unknown) => {
      transactions++
      try {
        return await work(tx)
      } finally {
        transactions--
      }
    }
    return begin.call(sql, ...args, counted)
  }
}
