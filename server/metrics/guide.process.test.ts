import { execFile } from 'node:child_process'
import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import postgres from 'postgres'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { findCurl } from '../testing/curl.ts'
import { bareEnvironment } from '../testing/environment.ts'
import { emptyFolder } from '../testing/folder.ts'
import { readMetrics } from '../testing/metrics.ts'
import { freshDatabase } from '../testing/postgres.ts'
import { RunningService } from '../testing/process.ts'
import { programs } from '../testing/prometheus.ts'
import { type RedisServer, startRedis } from '../testing/redis.ts'

const root = join(import.meta.dirname, '../..')
const guide = readFileSync(join(root, 'docs/operate.md'), 'utf8')
const alerts = readFileSync(join(root, 'monitoring/alerts.yml'), 'utf8')
const blocks = (language: string) =>
  [...guide.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\``, 'gm'))].map(([, text]) => text!)
const commands = blocks('sh').flatMap((block) => block.trim().split('\n'))

test('each alert has its section, and no section is of an alert that is gone', () => {
  const raised = [...alerts.matchAll(/- alert: (\w+)/g)].map(([, name]) => name)
  const explained = [...guide.matchAll(/^### (Rozmowa\w+)$/gm)].map(([, name]) => name)
  expect(explained).toEqual(raised)
})

test('each link within it leads to a section', () => {
  const titles = [...guide.matchAll(/^#+ (.*)$/gm)].map(([, title]) =>
    title!.toLowerCase().replaceAll(' ', '-'),
  )
  for (const [, target] of guide.matchAll(/\]\(#([^)]+)\)/g)) expect(titles).toContain(target)
})

test('each line of the log that it names is written somewhere', () => {
  const source = [
    ...[
      'supervisor',
      'log',
      'jobs-process',
      'live/poller',
      'live/redis-bus',
      'push/push-one',
      'db/slow',
      'web/timed',
    ],
  ].map((name) => readFileSync(join(root, `server/${name}.ts`), 'utf8'))
  const named = [
    ...['the process crashed', 'a process crashed and is being replaced', 'the bus lost Redis'],
    ...['polling for changes failed', 'jobs are waiting for the database', 'the jobs process crashed'],
    ...['a push service refuses a push', 'slow query', 'slow request'],
  ]
  for (const line of named) {
    expect(guide).toContain(line)
    expect(source.join('\n'), line).toContain(`'${line}'`)
  }
})

describe('with a service', () => {
  const folder = emptyFolder()
  const token = 'only-for-prometheus'
  let redis: RedisServer
  let service: RunningService
  let environment: Record<string, string>

  beforeAll(async () => {
    redis = await startRedis()
    environment = {
      DATABASE_URL: await freshDatabase(),
      REDIS_URL: redis.url,
      DATA_DIR: emptyFolder(),
      SESSION_SECRET: 'only for tests, only for tests',
      WORKERS: '1',
      METRICS_TOKEN: token,
      SLOW_MS: '1',
    }
    service = await RunningService.start(environment)
    cpSync(join(root, 'monitoring'), join(folder, 'monitoring'), { recursive: true })
    for (const name of ['package.json', 'server', 'views', 'drizzle', 'node_modules'])
      symlinkSync(join(root, name), join(folder, name))
    mkdirSync(join(folder, 'bin'))
    symlinkSync(findCurl(), join(folder, 'bin/curl'))
  })
  afterAll(async () => {
    await service.stop()
    await redis.stop()
  })

  test('its table has all that is measured, and nothing else', async () => {
    const measured = new Set(
      [...(await readMetrics(service.address)).keys()].map((series) =>
        series.replace(/\{.*/, '').replace(/_seconds_(?:bucket|sum|count)$/, '_seconds'),
      ),
    )
    const rows = guide.match(/^\| `.*/gm)!.map((row) => row.split('|')[1]!)
    const listed = rows.flatMap((cell) => [...cell.matchAll(/`((?:rozmowa|process|nodejs)_\w+)`/g)])
    expect(listed.map(([, name]) => name).sort()).toEqual([...measured].sort())
  })

  /** grep finds nothing in a log where nothing went wrong. */
  const mayFindNothing = /^grep /

  test.each(commands)('%s', async (command) => {
    writeFileSync(join(folder, 'rozmowa.log'), service.output)
    const path = [join(folder, 'bin'), dirname(process.execPath), programs(), process.env.PATH].join(':')
    const env = { ...bareEnvironment(), ...environment, PATH: path }
    const here = command
      .replaceAll('http://127.0.0.1:3000', service.address)
      .replaceAll('npm run admin --', 'node server/admin/main.ts')
    const ran = promisify(execFile)('sh', ['-c', here], { cwd: folder, env }).catch((error) => {
      if (mayFindNothing.test(command) && error.code === 1) return { stdout: '' }
      throw new Error(`${error.message}${error.stdout}${error.stderr}`)
    })
    const { stdout } = await ran
    if (command.includes('readyz')) expect(JSON.parse(stdout)).toEqual({ postgresql: 'ok', redis: 'ok' })
    if (command.includes(':3000/metrics')) expect(stdout).toContain('rozmowa_processes{role="jobs"} 1')
    if (command.includes('slow')) expect(stdout).toContain('"msg":"slow')
    if (command.includes('check config')) expect(stdout).toContain('SUCCESS')
  })

  test.each(blocks('sql').map((statement, i) => [i + 1, statement] as const))(
    'its statement %i',
    async (_, statement) => {
      const sql = postgres(environment.DATABASE_URL!, { max: 1, onnotice: () => {} })
      expect(await sql.unsafe(statement)).toBeInstanceOf(Array)
      await sql.end()
    },
  )
})
