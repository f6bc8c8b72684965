import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { freePort } from './db/embedded/server.ts'
import { emptyFolder } from './testing/folder.ts'
import { freshDatabase } from './testing/postgres.ts'

const root = join(import.meta.dirname, '..')
const unit = readFileSync(join(root, 'systemd/rozmowa@.service'), 'utf8')

/** The values of a directive, in order. */
const valuesOf = (directive: string) =>
  [...unit.matchAll(new RegExp(`^${directive}=(.*)$`, 'gm'))].map(([, value]) => value!)
const secondsOf = (directive: string) => Number(valuesOf(directive)[0])

const isThere = (program: string) => {
  try {
    return Boolean(execFileSync(program, ['--version'], { stdio: 'pipe' }))
  } catch {
    process.stdout.write(`${program}: what needs it is left out, for there is none\n`)
    return false
  }
}
const canAnalyze = isThere('systemd-analyze')

test.skipIf(!canAnalyze)('systemd understands every line of the unit', () => {
  const folder = emptyFolder()
  const copy = join(folder, 'rozmowa@.service')
  // As if it were installed here: what it starts must be there.
  writeFileSync(
    copy,
    unit.replaceAll('/opt/rozmowa', root).replace(/^User=.*$/m, `User=${process.getuid!()}`),
  )
  const { stdout, stderr } = spawnSync('systemd-analyze', ['verify', copy], { encoding: 'utf8' })
  expect(stdout + stderr).toBe('')
})

test.skipIf(!canAnalyze)('the unit leaves the service little of the machine', () => {
  const args = ['security', '--offline=true', '--threshold=20', join(root, 'systemd/rozmowa@.service')]
  const said = execFileSync('systemd-analyze', args, { encoding: 'utf8', stdio: 'pipe' })
  expect(said).toMatch(/Overall exposure level .*: [01]\.\d OK/)
})

test('what the unit starts answers on its port, and ends in time when it is stopped', async () => {
  const port = await freePort()
  const settings = valuesOf('Environment').flatMap((line) => line.split(' '))
  const own = Object.fromEntries(settings.map((each) => each.replace('%i', `${port}`).split('=', 2)))
  const [program, ...args] = valuesOf('ExecStart')[0]!.split(' ')
  const data = emptyFolder()
  const service = spawn(program!.replace('/opt/rozmowa', root), args, {
    cwd: root,
    stdio: 'ignore',
    env: {
      ...own,
      // As in /etc/rozmowa/environment and by StateDirectory, and nothing else: no PATH, no HOME.
      DATABASE_URL: await freshDatabase(),
      SESSION_SECRET: 'only for tests, only for tests',
      DATA_DIR: data,
      NODE_COMPILE_CACHE: join(data, 'compiled'),
    },
  })
  onTestFinished(() => void service.kill('SIGKILL'))
  const isReady = () =>
    fetch(`http://127.0.0.1:${port}/readyz`).then(
      ({ ok }) => ok,
      () => false,
    )
  await expect.poll(isReady, { timeout: 30_000 }).toBe(true)
  const stopped = Date.now()
  service.kill('SIGTERM')
  const [code] = await once(service, 'exit')
  expect(code).toBe(0)
  expect(Date.now() - stopped).toBeLessThan(secondsOf('TimeoutStopSec') * 1000)
})
