import { readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type postgres from 'postgres'
import { expect, test, vi } from 'vitest'
import { emptyFolder } from '../testing/folder.ts'
import { command, connect, newcomer, newHome, serve } from '../testing/homes.ts'

vi.setConfig({ testTimeout: 60_000 })

const BACKUP_PASSPHRASE = 'sześć słów, o których nikt nie wie'

/** As the clock does it. */
const isTime = (sql: postgres.Sql) =>
  sql`select rozmowa_jobs.add_job('backup', '{}'::json, job_key => 'backup', max_attempts => 3)`

test('of several services one makes the backup of the day, and the newest are kept', async () => {
  const home = await newHome()
  const BACKUP_DIR = join(emptyFolder(), 'backups')
  const settings = { BACKUP_DIR, BACKUP_PASSPHRASE, BACKUP_KEEP: '2', BACKUP_AT: '23:59' }
  expect((await command(home, 'doctor', settings)).out).toMatch(/FAIL {2}backups: ENOENT/)
  const services = [await serve(home, settings), await serve(home, settings)]
  await newcomer(services[0]!, 'ala')
  const sql = connect(home.DATABASE_URL)
  await isTime(sql)
  const names = () => readdirSync(BACKUP_DIR).sort()
  const made = expect.stringMatching(/^rozmowa-\d{8}-\d{6}\.tar\.zst\.age$/)
  await expect.poll(names, { timeout: 20_000 }).toEqual([made])
  expect(await command(home, `restore ${join(BACKUP_DIR, names()[0]!)} --check`, settings)).toMatchObject({
    code: 0,
    out: expect.stringContaining('1 members'),
  })
  // The job that made it is not done once more where it is restored.
  const elsewhere = await newHome()
  expect((await command(elsewhere, `restore ${join(BACKUP_DIR, names()[0]!)}`, settings)).code).toBe(0)
  const left = await connect(elsewhere.DATABASE_URL)<{ identifier: string }[]>`
    select identifier from rozmowa_jobs._private_jobs j join rozmowa_jobs._private_tasks t on t.id = j.task_id`
  expect(left.map(({ identifier }) => identifier)).not.toContain('backup')
  expect((await command(home, 'doctor', settings)).out).toMatch(
    / ok {3}backups: the newest of .* is 0 hours old/,
  )
  const others = ['rozmowa-20200101-013000.tar.zst', 'rozmowa-20200102-013000.tar.zst', 'notatki.txt']
  for (const name of [...others, 'rozmowa-20200103-013000.tar.zst.unfinished'])
    writeFileSync(join(BACKUP_DIR, name), 'x')
  await isTime(sql)
  await expect.poll(names, { timeout: 20_000 }).toEqual(['notatki.txt', made, made])
  const logged = services.flatMap(({ output }) => output.match(/"a backup was made"/g) ?? [])
  expect(logged).toHaveLength(2)
  expect(
    await sql`select identifier from rozmowa_jobs._private_known_crontabs where identifier = 'backup'`,
  ).toHaveLength(1)
})

test('a backup that cannot be made is logged, listed and found by the doctor; the older ones stay', async () => {
  const home = await newHome()
  const folder = emptyFolder()
  writeFileSync(join(folder, 'file'), '')
  const settings = { BACKUP_DIR: join(folder, 'file', 'backups') }
  const service = await serve(home, settings)
  await isTime(connect(home.DATABASE_URL))
  await expect.poll(() => service.output).toContain('the backup of the day failed')
  await expect.poll(async () => (await command(home, 'jobs')).out).toMatch(/backup .*ENOTDIR/)
  expect((await command(home, 'doctor', settings)).out).toMatch(/FAIL {2}backups: /)
  const old = { BACKUP_DIR: folder }
  writeFileSync(join(folder, 'rozmowa-20200101-013000.tar.zst'), 'x')
  expect((await command(home, 'doctor', old)).out).toMatch(
    /FAIL {2}backups: the newest of .* is \d{5} hours old/,
  )
})
