import postgres from 'postgres'
import { expect, test } from 'vitest'
import { emptyFolder } from '../testing/folder.ts'
import { freshDatabase } from '../testing/postgres.ts'
import { RunningService } from '../testing/process.ts'

test('a killed jobs process is replaced, and what it had begun is done at once and not in hours', async () => {
  const DATABASE_URL = await freshDatabase()
  const service = await RunningService.start({ DATABASE_URL, DATA_DIR: emptyFolder() })
  const sql = postgres(DATABASE_URL, { max: 1 })
  const [first] = await service.jobs()
  process.kill(first!, 'SIGKILL')
  // As if it had been killed in the middle of it.
  await sql`select rozmowa_jobs.add_job('tidy', queue_name => 'one', max_attempts => 3)`
  await sql`update rozmowa_jobs._private_jobs set locked_at = now(), locked_by = 'killed', attempts = 1`
  await sql`update rozmowa_jobs._private_job_queues set locked_at = now(), locked_by = 'killed'`
  const left = async () => (await sql`select from rozmowa_jobs._private_jobs`).length
  await expect.poll(left, { timeout: 10_000 }).toBe(0)
  const [second] = await service.jobs()
  expect(second).not.toBe(first)
  await sql.end()
  const start = performance.now()
  expect(await service.stop()).toBe(0)
  expect(performance.now() - start).toBeLessThan(5000)
})
