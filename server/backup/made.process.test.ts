import { join } from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'
import { everythingIn } from '../testing/backup-files.ts'
import { emptyFolder } from '../testing/folder.ts'
import { command, connect, newcomer, newHome, serve } from '../testing/homes.ts'
import { mountSmallDisk } from '../testing/small-disk.ts'

/** Each command is a process that starts, beside a service that does. */
vi.setConfig({ testTimeout: 60_000 })

test('a full disk leaves no half of a backup, and says so', async (context) => {
  const disk = emptyFolder()
  const small = mountSmallDisk(disk, 1)
  if (!small) return context.skip()
  onTestFinished(small.unmount)
  const home = await newHome()
  const sql = connect(home.DATABASE_URL)
  await sql`insert into users (email, name, avatar) select n || '@example.org', n,
    (select string_agg(md5(random()::text || n || i), '') from generate_series(1, 2000) i) from generate_series(1, 50) n`
  const { code, error } = await command(home, `backup ${disk}/backup`)
  expect([code, error]).toEqual([1, expect.stringMatching(/^admin: .*ENOSPC.*\n$/)])
  expect(everythingIn(disk)).toEqual([])
})

test('a backup that loses the database leaves nothing behind, and the next one is made', async () => {
  const home = await newHome()
  const [sql, other] = [connect(home.DATABASE_URL), connect(home.DATABASE_URL)]
  const backups = emptyFolder()
  await sql.begin(async (tx) => {
    await tx`lock table poll_publications in access exclusive mode`
    const made = command(home, `backup ${backups}/backup`)
    const cut = () => other`
      select pg_terminate_backend(pid) from pg_locks
      where relation = 'poll_publications'::regclass and not granted`
    await expect.poll(cut).toHaveLength(1)
    expect((await made).code).toBe(1)
  })
  expect(everythingIn(backups)).toEqual([])
  expect(await command(home, `backup ${backups}/backup`)).toMatchObject({ code: 0, error: '' })
  expect(everythingIn(backups)).toEqual(['backup'])
})

test('of the embedded database a backup is made while its service runs', async () => {
  const home = { DATA_DIR: emptyFolder() }
  const service = await serve(home)
  await newcomer(service, 'ala')
  const path = join(emptyFolder(), 'backup')
  expect(await command(home, `backup ${path}`)).toMatchObject({ code: 0, error: '' })
  // With those of the demo.
  expect((await command(home, `restore ${path} --check`)).out).toMatch(/ 6 members/)
})
