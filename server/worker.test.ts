import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { promisify } from 'node:util'
import { expect, onTestFinished, test, vi } from 'vitest'
import { bareEnvironment } from './testing/environment.ts'
import { freshDatabase } from './testing/postgres.ts'

vi.setConfig({ testTimeout: 40_000 })
const DATABASE_URL = await freshDatabase()

/**
 * Runs a script with `startWorker` in a process that ends by itself as soon as nothing is open any more: no connection,
 * no timer, no server.
 * @returns what it has written
 */
async function runToEnd(script: string, environment: Record<string, string> = {}): Promise<string> {
  const { DATA_DIR = '', REDIS_URL } = process.env
  const env = {
    ...bareEnvironment(),
    ...{ DATABASE_URL, DATA_DIR, HOST: '127.0.0.1', PORT: '0', LOG_LEVEL: 'fatal' },
    ...(REDIS_URL && { REDIS_URL }),
    SESSION_SECRET: 'only for tests, only for tests',
    ...environment,
  }
  const source = `import { startWorker } from '${new URL('worker.ts', import.meta.url)}'; ${script}`
  const args = ['--input-type=module', '--eval', source]
  const { stdout } = await promisify(execFile)(process.execPath, args, { env, timeout: 30_000 })
  return stdout
}

const fail = 'await startWorker(() => {}).catch((error) => console.log(error.message))'

test('a closed worker leaves nothing open', async () => {
  const closed = 'const worker = await startWorker(() => {}); await worker.close(); console.log("closed")'
  expect(await runToEnd(closed)).toBe('closed\n')
})

test('a worker that cannot listen closes what it has opened', async () => {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  const PORT = `${(server.address() as { port: number }).port}`
  expect(await runToEnd(fail, { PORT })).toMatch(/^PORT: cannot listen on .*\n$/)
})

test('a worker that finds no Redis closes the database', async () => {
  expect(await runToEnd(fail, { REDIS_URL: 'redis://127.0.0.1:1' })).toMatch(/^REDIS_URL: .*\n$/)
})

test('a worker that finds no database has nothing open', async () => {
  const url = 'postgres://127.0.0.1:1/none'
  expect(await runToEnd(fail, { DATABASE_URL: url })).toMatch(/^DATABASE_URL: .*\n$/)
})
