import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { freePort } from './db/embedded/server.ts'
import { bareEnvironment } from './testing/environment.ts'
import { emptyFolder } from './testing/folder.ts'
import { freshDatabase } from './testing/postgres.ts'

/** A database that takes connections and says nothing: whatever needs one waits. */
const silent = createServer().listen(0, '127.0.0.1')
await once(silent, 'listening')
afterAll(() => silent.close())
const DATABASE_URL = `postgres://x@127.0.0.1:${(silent.address() as { port: number }).port}/x`

const childrenOf = (pid: number): number[] =>
  readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').map(Number).filter(Boolean)
const familyOf = (pid: number): number[] => childrenOf(pid).flatMap((child) => [child, ...familyOf(child)])
const isRunning = (pid: number) => {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

/** As somebody types it, or a unit of systemd runs it. */
function npm(args: string[], environment: Record<string, string>) {
  const child = spawn('npm', args, {
    cwd: join(import.meta.dirname, '..'),
    env: {
      ...bareEnvironment(),
      HOST: '127.0.0.1',
      DATA_DIR: emptyFolder(),
      ...environment,
    } as NodeJS.ProcessEnv,
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk))
  afterAll(() => void child.kill('SIGKILL'))
  return { child, output: () => output }
}

test.each([
  ['SIGTERM', ['start']],
  ['SIGINT', ['start']],
  ['SIGTERM', ['run', 'admin', '--', 'jobs']],
  ['SIGINT', ['run', 'admin', '--', 'jobs']],
  ['SIGTERM', ['run', 'migrate:legacy', '--', '--dry-run']],
  ['SIGINT', ['run', 'migrate:legacy', '--', '--dry-run']],
] as const)('%s to npm %j ends what it runs, too', async (signal, args) => {
  const connected = once(silent, 'connection')
  const { child } = npm([...args], { DATABASE_URL })
  await connected
  const family = familyOf(child.pid!)
  expect(family.length).toBeGreaterThan(0)
  child.kill(signal)
  await once(child, 'exit')
  expect(family.filter(isRunning)).toEqual([])
})

test('SIGTERM to npm start closes the service, and the next start finds its place free', async () => {
  const environment = { DATABASE_URL: await freshDatabase(), PORT: `${await freePort()}` }
  for (const DATA_DIR of [emptyFolder()].flatMap((folder) => [folder, folder])) {
    const { child, output } = npm(['start'], { ...environment, DATA_DIR })
    await expect.poll(output, { timeout: 15_000 }).toContain('"msg":"ready"')
    const family = familyOf(child.pid!)
    expect(family.length).toBeGreaterThan(2)
    child.kill('SIGTERM')
    await once(child, 'exit')
    expect(family.filter(isRunning)).toEqual([])
  }
})
