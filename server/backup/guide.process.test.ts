import { execFile } from 'node:child_process'
import { copyFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import postgres from 'postgres'
import { expect, test, vi } from 'vitest'
import { bareEnvironment } from '../testing/environment.ts'
import { emptyFolder } from '../testing/folder.ts'
import { Guide } from '../testing/guide.ts'
import { newcomer, newHome, serve } from '../testing/homes.ts'

vi.setConfig({ testTimeout: 120_000 })

const run = promisify(execFile)
const root = join(import.meta.dirname, '../..')
const guide = new Guide('backup.md')
const passphrase = 'sześć słów, o których nikt nie wie'

/** The commands of one chapter, in a folder of the test's own. */
function commandsOf(chapter: string, folder: string): string[] {
  return guide
    .scripts(chapter)
    .flatMap((script) => script.trim().split('\n'))
    .map((line) => line.trim().replaceAll(/\/var\/backups\/rozmowa|\/etc\/rozmowa/g, folder))
}

test('every command of the guide does what it says', async () => {
  const folder = emptyFolder()
  const home = await newHome()
  const service = await serve(home)
  await newcomer(service, 'ala')
  await service.stop()
  writeFileSync(join(folder, 'passphrase'), `${passphrase}\n`)
  const follow = async (chapter: string, environment: Record<string, string>) => {
    const said: string[] = []
    for (const line of commandsOf(chapter, folder))
      said.push(
        (await run('sh', ['-c', line], { cwd: root, env: { ...bareEnvironment(), ...environment } })).stdout,
      )
    return said
  }

  const made = await follow('Make one', { ...home })
  expect(made).toEqual([expect.stringMatching(/0 messages, 0 files/), expect.stringMatching(/, encrypted/)])
  copyFileSync(join(folder, 'now.tar.zst'), join(folder, 'monday.tar.zst'))
  copyFileSync(join(folder, 'now.tar.zst.age'), join(folder, 'tuesday.tar.zst.age'))

  const [check, restored, doctor] = await follow('Try it', { ...home })
  expect([check, restored, doctor]).toEqual([
    expect.stringMatching(/is restored/),
    expect.stringMatching(/attachments: 0 known, 0 unknown/),
    '',
  ])

  const chapter = commandsOf('Everything is gone', folder)
  expect(chapter).toHaveLength(4)
  for (const lines of [chapter.slice(0, 3), chapter.slice(3)]) {
    const elsewhere = await newHome()
    const env = { ...bareEnvironment(), ...elsewhere }
    for (const line of lines) await run('sh', ['-c', line], { cwd: root, env })
    const sql = postgres(elsewhere.DATABASE_URL, { max: 1 })
    expect(await sql`select username from users`).toEqual([{ username: 'ala' }])
    await sql.end()
  }

  const [before, replaced] = await follow('The database is there, and wrong', { ...home })
  expect([before, replaced]).toEqual([
    expect.stringMatching(/before\.tar\.zst: 0 messages/),
    expect.stringMatching(/is restored/),
  ])
  expect((await follow('Every day, and elsewhere', { ...home, BACKUP_DIR: folder }))[0]).toMatch(
    /WARN {2}backups: there is none/,
  )
})
