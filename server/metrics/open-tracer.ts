import { setTimeout as sleep } from 'node:timers/promises'
import {
  type Attributes,
  type DiagLogFunction,
  defaultTextMapGetter,
  diag,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api'
import { W3CTraceContextPropagator } from '@opentelemetry/core'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http'
import {
  defaultResource,
  detectResources,
  envDetector,
  resourceFromAttributes,
} from '@opentelemetry/resources'
import { BatchSpanProcessor, TraceIdRatioBasedSampler, TracerProvider } from '@opentelemetry/sdk-trace'
import { harmlessText, log } from '../log.ts'
import type { Tracer } from './tracer.ts'

/** Sent together, so often. */
const sendMs = 1000
/** While the collector is away, that is said so often. */
const silenceMs = 60_000

/** A process that is closed does not wait longer for a collector. */
const maxCloseMs = 2000
/** Of a statement as much as says which one it is. */
const maxStatement = 1000

/**
 * Sends spans of requests, statements and jobs to a collector, by OTLP over HTTP. Which traces are kept is decided by
 * their number alone: a stranger who claims that theirs is to be kept is not believed.
 * @param share of the traces that are kept, 0 to 1
 */
export function openTracer(url: string, share: number): { tracer: Tracer; close(): Promise<void> } {
  reportFailures()
  const exporter = new OTLPTraceExporter({ url: `${url}/v1/traces` })
  const provider = new TracerProvider({
    resource: defaultResource()
      .merge(resourceFromAttributes({ 'service.name': 'rozmowa', 'process.pid': process.pid }))
      .merge(detectResources({ detectors: [envDetector] })),
    sampler: new TraceIdRatioBasedSampler(share),
    spanProcessors: [new BatchSpanProcessor({ exporter, scheduledDelayMillis: sendMs })],
  })
  const close = () =>
    Promise.race([provider.shutdown().catch(() => {}), sleep(maxCloseMs, undefined, { ref: false })])
  return { tracer: tracerOf(provider), close }
}

/** A collector that is away loses traces, nothing else. */
function reportFailures(): void {
  let saidAt = Number.NEGATIVE_INFINITY
  const warn: DiagLogFunction = (message, ...more) => {
    if (performance.now() - saidAt < silenceMs) return
    saidAt = performance.now()
    log.warn({ why: harmlessText([message, ...more].map(String).join(' ')) }, 'traces were not sent')
  }
  const ignore = () => {}
  diag.setLogger({ error: warn, warn, info: ignore, debug: ignore, verbose: ignore })
}

const propagator = new W3CTraceContextPropagator()

function tracerOf(provider: TracerProvider): Tracer {
  const tracer = provider.getTracer('rozmowa')
  return {
    beginRequest(traceparent) {
      const above = propagator.extract(ROOT_CONTEXT, { traceparent }, defaultTextMapGetter)
      return tracer.startSpan('request', { kind: SpanKind.SERVER }, above)
    },
    endRequest(span, { route, status, requestId, userId }) {
      const [method, path] = route.split(' ')
      span.updateName(route)
      span.setAttributes({
        ...defined({ 'http.request.method': method, 'http.route': path, 'user.id': userId && `${userId}` }),
        ...defined({ 'rozmowa.request_id': requestId }),
        ...(status !== 'hung_up' && { 'http.response.status_code': status }),
      })
      if (status === 'hung_up' || status >= 500) span.setStatus({ code: SpanStatusCode.ERROR })
      span.end()
    },
    async traceJob(task, id, work) {
      const attributes = { 'rozmowa.task': task, 'rozmowa.job_id': id }
      const span = tracer.startSpan(`job ${task}`, { kind: SpanKind.CONSUMER, attributes }, ROOT_CONTEXT)
      try {
        return await work(span)
      } catch (error) {
        span.setStatus({ code: SpanStatusCode.ERROR })
        throw error
      } finally {
        span.end()
      }
    },
    addStatement(parent, { text, since, ms, cause }) {
      if (!parent.isRecording()) return
      const statement = text.replace(/\s+/g, ' ').trim().slice(0, maxStatement)
      const attributes = {
        'db.system.name': 'postgresql',
        'db.query.text': statement,
        ...defined({ 'rozmowa.cause': cause }),
      }
      const options = { kind: SpanKind.CLIENT, attributes, startTime: since }
      const name = statement.split(' ', 1)[0] || 'statement'
      tracer.startSpan(name, options, trace.setSpan(ROOT_CONTEXT, parent)).end(since + ms)
    },
  }
}

const defined = (attributes: Record<string, string | number | undefined>): Attributes =>
  Object.fromEntries(Object.entries(attributes).filter(([, value]) => value !== undefined)) as Attributes
