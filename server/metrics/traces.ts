import { config } from '../config.ts'
import type { Tracer } from './tracer.ts'

/** Undefined where nobody wants traces: then all of it costs nothing. */
export let tracer: Tracer | undefined

/** Begins to make traces where `OTEL_EXPORTER_OTLP_ENDPOINT` says where to. @returns sends what is left, and ends it */
export async function startTraces(): Promise<() => Promise<void>> {
  if (!config.tracesUrl) return async () => {}
  const { openTracer } = await import('./open-tracer.ts')
  const opened = openTracer(config.tracesUrl, config.tracedShare)
  tracer = opened.tracer
  return async () => {
    tracer = undefined
    await opened.close()
  }
}
