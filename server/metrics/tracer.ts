import type { Span } from '@opentelemetry/api'

/** A statement that has its answer. */
interface TracedStatement {
  text: string
  /** ms, by the process's clock */
  since: number
  ms: number
  /** Why it took so long, where it did. */
  cause?: string | undefined
}

/** What makes spans of what is done. */
export interface Tracer {
  /** @param traceparent of the W3C's Trace Context: which trace it belongs to, as a proxy says */
  beginRequest(traceparent: string | undefined): Span
  endRequest(
    span: Span,
    answer: {
      route: string
      status: number | 'hung_up'
      requestId?: string | undefined
      userId?: number | undefined
    },
  ): void
  /** The span of a job ends with it. */
  traceJob<T>(task: string, id: string, work: (span: Span) => Promise<T>): Promise<T>
  addStatement(parent: Span, statement: TracedStatement): void
}
