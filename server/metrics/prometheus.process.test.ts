import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { emptyFolder } from '../testing/folder.ts'
import { readMetrics, seriesIn } from '../testing/metrics.ts'
import { freshDatabase } from '../testing/postgres.ts'
import { RunningService } from '../testing/process.ts'
import { monitoring, Prometheus, promtool } from '../testing/prometheus.ts'
import { type RedisServer, startRedis } from '../testing/redis.ts'

const read = (name: string) => readFileSync(join(monitoring, name), 'utf8')
const alerts = [...read('alerts.yml').matchAll(/- alert: (\w+)\n {8}expr: ((?:\|\n(?: {10}.*\n)+)|.*)/g)].map(
  ([, name, expression]) => [name!, expression!] as const,
)

interface Panel {
  title: string
  targets?: { expr: string }[]
}

const { panels } = JSON.parse(read('grafana-dashboard.json')) as { panels: Panel[] }
/** What each panel asks for, as Grafana asks for it. */
const shown = panels.flatMap(({ title, targets = [] }) =>
  targets.map(
    ({ expr }) => [title, expr.replaceAll('$instance', '.*').replaceAll('$__rate_interval', '1m')] as const,
  ),
)

describe('promtool', () => {
  test('finds no fault in the rules', () => {
    expect(promtool('check', 'rules', 'alerts.yml')).toContain(`${alerts.length} rules found`)
  })

  test('sees each alert raised when it should be, and not otherwise', () => {
    expect(promtool('test', 'rules', 'alerts.test.yml')).toContain('SUCCESS')
  })

  test.each(alerts)('is told when %s is raised and when it is not', (name) => {
    const tests = read('alerts.test.yml').split(/^ {2}- name: /m)
    const of = (title: string) => tests.find((each) => each.startsWith(`${title}\n`))
    expect(of(name)).toMatch(new RegExp(`alertname: ${name}\\n.*\\n +exp_alerts:\\n +- exp_labels`))
    expect(of(`no ${name}`)).toMatch(new RegExp(`alertname: ${name}, .*exp_alerts: \\[\\]`))
  })
})

describe('with a real service', () => {
  let redis: RedisServer
  let service: RunningService
  let prometheus: Prometheus

  beforeAll(async () => {
    redis = await startRedis()
    service = await RunningService.start({
      DATABASE_URL: await freshDatabase(),
      REDIS_URL: redis.url,
      DATA_DIR: emptyFolder(),
      SESSION_SECRET: 'only for tests, only for tests',
      WORKERS: '1',
    })
    prometheus = await Prometheus.start(new URL(service.address).host)
  })
  afterAll(async () => {
    await service.stop()
    await redis.stop()
  })

  test.each(alerts.filter(([, expression]) => seriesIn(expression).length > 0))(
    'what %s asks for is measured',
    async (_, expression) => {
      const measured = [...(await readMetrics(service.address)).keys()]
      for (const series of seriesIn(expression)) expect(measured.some(series.fits), series.text).toBe(true)
    },
  )

  test('a real Prometheus scrapes it and evaluates each rule, and nobody is alarmed', async () => {
    await expect.poll(async () => (await prometheus.query('up'))[0]?.value[1]).toBe('1')
    await expect
      .poll(async () => (await prometheus.rules()).map(({ health }) => health))
      .toEqual(alerts.map(() => 'ok'))
    const rules = await prometheus.rules()
    expect(rules.map(({ name }) => name)).toEqual(alerts.map(([name]) => name))
    expect(rules.filter(({ state }) => state !== 'inactive')).toEqual([])
    const processes = await prometheus.query('rozmowa_processes')
    expect(processes.map(({ metric, value }) => [metric.role, value[1]])).toEqual([
      ['jobs', '1'],
      ['worker', '1'],
    ])
  })

  test.each(shown)('the panel “%s” of the dashboard shows what is measured', async (_, expression) => {
    const measured = [...(await readMetrics(service.address)).keys()]
    for (const series of seriesIn(expression)) expect(measured.some(series.fits), series.text).toBe(true)
    // A rate needs two scrapes.
    await expect.poll(() => prometheus.query(expression)).not.toEqual([])
  })

  test('it sees that Redis is away', async () => {
    await redis.stop()
    await expect
      .poll(async () => (await prometheus.rules()).find(({ name }) => name === 'RozmowaRedisAway')?.state)
      .toBe('pending')
  })

  test('it sees that the service is down', async () => {
    await service.stop()
    await expect
      .poll(async () => (await prometheus.rules()).find(({ name }) => name === 'RozmowaDown')?.state)
      .toBe('pending')
  })
})
