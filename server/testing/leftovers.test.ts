import { chmodSync, existsSync, mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { clearAway } from './postgres.ts'
import { RunningService } from './process.ts'

/** Empty once it has ended, whether or not anybody has asked how. */
const commandOf = (pid: number) => {
  const path = `/proc/${pid}/cmdline`
  return existsSync(path) ? readFileSync(path, 'utf8') : ''
}

test('no PostgreSQL of a killed service outlives the test run', async () => {
  const run = mkdtempSync(join(tmpdir(), 'rozmowa-leftover-'))
  chmodSync(run, 0o755)
  const DATA_DIR = join(run, 'data')
  const service = await RunningService.start({ DATA_DIR })
  const lock = join(DATA_DIR, 'postgres/cluster/postmaster.pid')
  const pid = Number(readFileSync(lock, 'utf8').split('\n')[0])
  await service.stop('SIGKILL')
  expect(commandOf(pid)).toContain('postgres')
  await clearAway(run)
  expect(commandOf(pid)).toBe('')
  expect(existsSync(run)).toBe(false)
})
