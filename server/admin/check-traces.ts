import { config } from '../config.ts'
import { attempt, type Finding, fail, ok } from './finding.ts'

const maxMs = 5000
const advice =
  'correct OTEL_EXPORTER_OTLP_ENDPOINT: it is the address of OTLP over HTTP, usually with port 4318'

/** Sends no trace to the collector, and sees whether it takes it. */
export async function checkTraces(): Promise<Finding[]> {
  const { tracesUrl } = config
  if (!tracesUrl) return []
  return attempt('traces', advice, async () => {
    const { status } = await fetch(`${tracesUrl}/v1/traces`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"resourceSpans":[]}',
      signal: AbortSignal.timeout(maxMs),
    })
    if (status < 300) return [ok('traces', `${tracesUrl} takes them`)]
    return [fail('traces', `${tracesUrl} answers ${status}`, advice)]
  })
}
