import { execFileSync } from 'node:child_process'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { json } from 'node:stream/consumers'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { admin } from '../testing/admin.ts'
import { bareEnvironment } from '../testing/environment.ts'
import { emptyFolder } from '../testing/folder.ts'
import { freshDatabase } from '../testing/postgres.ts'
import { RunningService } from '../testing/process.ts'
import { Person } from '../testing/service.ts'

interface Span {
  traceId: string
  spanId: string
  parentSpanId?: string
  name: string
  kind: number
  startTimeUnixNano: string
  endTimeUnixNano: string
  attributes: { key: string; value: Record<string, unknown> }[]
}

/** What a collector was sent. */
const spans: Span[] = []
const resources: string[] = []
const headers: IncomingHttpHeaders[] = []
const collector = createServer(async (req, res) => {
  const body = (await json(req)) as {
    resourceSpans: { resource: unknown; scopeSpans: { spans: Span[] }[] }[]
  }
  headers.push({ ...req.headers, path: req.url })
  for (const { resource, scopeSpans } of body.resourceSpans) {
    resources.push(JSON.stringify(resource))
    spans.push(...scopeSpans.flatMap((scope) => scope.spans))
  }
  res.setHeader('content-type', 'application/json').end('{}')
})
await new Promise<void>((resolve) => collector.listen(0, '127.0.0.1', resolve))
afterAll(() => collector.close())

let service: RunningService
let anna: Person
let conversation: number
const { port } = collector.address() as AddressInfo
const environment = async () => ({
  DATABASE_URL: await freshDatabase(),
  DATA_DIR: emptyFolder(),
  SESSION_SECRET: 'only for tests, only for tests',
  REGISTRATION: 'open',
  EMAIL_DELAY_SECONDS: '0',
})

async function start(more: Record<string, string>): Promise<void> {
  service = await RunningService.start({ ...(await environment()), ...more })
  anna = new Person(service.address)
  const body = { email: 'anna@example.org', username: 'anna', password: 'tajne-haslo' }
  anna.id = (await anna.post('/api/auth/register', body)).body.user.id
  const bartek = new Person(service.address)
  const other = { email: 'bartek@example.org', username: 'bartek', password: 'tajne-haslo' }
  bartek.id = (await bartek.post('/api/auth/register', other)).body.user.id
  conversation = await anna.talkTo(bartek)
}

beforeAll(() =>
  start({
    OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}/`,
    OTEL_EXPORTER_OTLP_HEADERS: 'x-tenant=ours',
    OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment.name=test',
  }),
)
afterAll(() => service.stop())

const attribute = (span: Span, key: string) =>
  Object.values(span.attributes.find((each) => each.key === key)?.value ?? {})[0]
const secret = 'tajemnica-wiadomosci'
const traceId = '4bf92f3577b34da6a3ce929d0e0e4736'
const parentId = '00f067aa0ba902b7'

test('a request belongs to the trace that its proxy began, and its statements to it', async () => {
  const answer = await anna.request('POST', `/api/conversations/${conversation}/messages`, {
    body: JSON.stringify({ content: secret }),
    headers: { 'content-type': 'application/json', traceparent: `00-${traceId}-${parentId}-01` },
  })
  const route = 'POST /api/conversations/:id/messages'
  const sent = () => spans.find(({ name }) => name === route)
  await expect.poll(sent).toMatchObject({ traceId, parentSpanId: parentId, kind: 2 })
  const span = sent()!
  expect(attribute(span, 'http.route')).toBe('/api/conversations/:id/messages')
  expect(attribute(span, 'http.response.status_code')).toBe(201)
  expect(attribute(span, 'user.id')).toBe(`${anna.id}`)
  expect(attribute(span, 'rozmowa.request_id')).toBe(answer.headers.get('x-request-id'))
  const within = spans.filter(({ parentSpanId }) => parentSpanId === span.spanId)
  const texts = within.map((each) => attribute(each, 'db.query.text'))
  expect(texts).toContainEqual(expect.stringContaining('from send_messages($1)'))
  for (const each of within) {
    expect(each).toMatchObject({ traceId, kind: 3 })
    expect(BigInt(each.startTimeUnixNano)).toBeGreaterThanOrEqual(BigInt(span.startTimeUnixNano) - 1_000_000n)
    expect(BigInt(each.endTimeUnixNano)).toBeLessThanOrEqual(BigInt(span.endTimeUnixNano) + 1_000_000n)
  }
})

test('a job has a trace of its own', async () => {
  const job = () => spans.find(({ name }) => name === 'job notify')
  await expect.poll(job).toBeDefined()
  expect(job()).not.toHaveProperty('parentSpanId', expect.stringMatching(/./))
  expect(spans.filter(({ parentSpanId }) => parentSpanId === job()!.spanId)).not.toEqual([])
})

test('the collector is told whose they are, with the headers it wants', () => {
  expect(headers[0]).toMatchObject({ path: '/v1/traces', 'x-tenant': 'ours' })
  expect(resources[0]).toContain('"service.name"')
  expect(resources[0]).toContain('"rozmowa"')
  expect(resources[0]).toContain('deployment.environment.name')
})

test('no trace holds what members write, their addresses or what signs them on', () => {
  const all = JSON.stringify([spans, resources])
  for (const each of [secret, 'example.org', 'tajne-haslo', anna.cookie.split('=')[1]!.slice(8)])
    expect(all).not.toContain(each)
})

test('a collector that is away holds up nothing, and is complained of once', async () => {
  await service.stop()
  await start({ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9', OTEL_EXPORTER_OTLP_TIMEOUT: '1000' })
  expect((await anna.say(conversation, 'x')).content).toContain('x')
  const complaints = () => service.output.split('\n').filter((line) => line.includes('traces were not sent'))
  await expect.poll(() => complaints().length, { timeout: 25_000 }).toBeGreaterThan(0)
  expect(await service.stop()).toBe(0)
  // One for each process.
  expect(complaints().length).toBeLessThanOrEqual(2)
})

test('the doctor asks the collector whether it takes them', async () => {
  const say = async (endpoint: string) =>
    (
      await admin('doctor', {
        environment: { ...(await environment()), OTEL_EXPORTER_OTLP_ENDPOINT: endpoint },
      })
    ).out
  expect(await say(`http://127.0.0.1:${port}`)).toContain(` ok   traces: http://127.0.0.1:${port} takes them`)
  expect(await say('http://127.0.0.1:9')).toMatch(
    /FAIL {2}traces: .*\n +→ correct OTEL_EXPORTER_OTLP_ENDPOINT/,
  )
})

/** Which of its packages a worker and the jobs load, when this is where traces go to. */
function loadedFor(endpoint: string): string[] {
  const script = `
    import { registerHooks } from 'node:module'
    const loaded = new Set()
    registerHooks({ resolve: (name, context, next) => (loaded.add(name), next(name, context)) })
    const [, , folder] = process.argv
    for (const file of ['worker', 'jobs/run']) await import(folder + '/' + file + '.ts')
    const { startTraces } = await import(folder + '/metrics/traces.ts')
    await startTraces()
    process.stdout.write(JSON.stringify([...loaded].filter((name) => name.startsWith('@opentelemetry/'))))
    process.exit()`
  const env = { ...bareEnvironment(), OTEL_EXPORTER_OTLP_ENDPOINT: endpoint }
  const args = ['--input-type=module', '--eval', script, '-', join(import.meta.dirname, '..')]
  return JSON.parse(execFileSync(process.execPath, args, { env, encoding: 'utf8' }))
}

test('only where its variable is set are its packages loaded', () => {
  expect(loadedFor('')).toEqual([])
  expect(loadedFor('http://127.0.0.1:9')).toContain('@opentelemetry/sdk-trace')
})
