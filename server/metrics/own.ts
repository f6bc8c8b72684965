import { collectDefaultMetrics, Registry } from 'prom-client'
import { type Measured, measured } from './measure.ts'
import './measures.ts'

/** A process that nobody asks measures nothing of this. Begun at the first question. */
const node = new Registry()
/** It wakes the process so often. */
const samplingMs = 20
collectDefaultMetrics({ register: node, eventLoopMonitoringPrecision: samplingMs })

/** What is reported of it, and how: of what can be stuck or full, the worst process counts; an average would hide it. */
const told: Record<string, Measured['aggregator']> = {
  process_cpu_seconds_total: 'sum',
  process_resident_memory_bytes: 'sum',
  process_open_fds: 'max',
  process_max_fds: 'max',
  nodejs_eventloop_lag_p99_seconds: 'max',
  nodejs_heap_size_used_bytes: 'sum',
}

/** What this process measures, as it stands. */
export async function own(): Promise<Measured[]> {
  const ofNode = (await node.getMetricsAsJSON()) as unknown as Measured[]
  return [
    ...(await measured()),
    ...ofNode.flatMap((each) => (told[each.name] ? [{ ...each, aggregator: told[each.name]! }] : [])),
  ]
}
