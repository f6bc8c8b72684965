import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { applyMissing } from '../db/migrations.ts'
import { bareEnvironment } from '../testing/environment.ts'
import { emptyFolder } from '../testing/folder.ts'
import { portalWith } from '../testing/portal.ts'
import { freshDatabase } from '../testing/postgres.ts'

const main = join(import.meta.dirname, 'main.ts')

interface Run {
  child: ChildProcess
  output: () => string
  code: Promise<number | null>
}

function start(args: string[], environment: Record<string, string>): Run {
  const env = { ...bareEnvironment(), DATA_DIR: emptyFolder(), ...environment } as NodeJS.ProcessEnv
  const child = spawn(process.execPath, [main, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (data) => {
      output += data
    })
  return { child, output: () => output, code: once(child, 'close').then(([code]) => code) }
}

async function command(args: string[], environment: Record<string, string>) {
  const { output, code } = start(args, environment)
  return { code: await code, output: output() }
}

test('the sample is moved: lines instead of a bar, a table, a report, and 0', async () => {
  const { url } = await portalWith('sample')
  const file = join(emptyFolder(), 'report.json')
  const { code, output } = await command(['--report', file], { DATABASE_URL: url })
  expect(code, output).toBe(0)
  expect(output).toMatch(/^Messages: 19 of 19$/m)
  expect(output).toMatch(/^private messages +14 +14 {2}ok$/m)
  expect(output).toContain('The inbox has been moved.')
  expect(output).not.toContain('\x1b')
  const report = JSON.parse(readFileSync(file, 'utf8'))
  expect(report).toMatchObject({
    outcome: 'moved',
    seconds: expect.any(Number),
    figures: { private_messages: 14, attachments_of_nothing: 1 },
    checks: expect.arrayContaining([{ name: 'attachments', before: 2, after: 2, holds: true }]),
    notes: expect.arrayContaining([
      { table: 'message_attachments', id: 3, reason: 'belongs to no message: left' },
    ]),
  })
})

test.each([
  ['an option that is none', ['--force'], 2, /Unknown option '--force'/],
  ['a word too many', ['now'], 2, /Unexpected argument 'now'/],
  ['uploads that are no folder', ['--uploads', '/nowhere'], 2, /--uploads: \/nowhere is not a folder/],
  ['a report nowhere', ['--report', '/nowhere/a.json'], 2, /--report: .* cannot be written/],
  ['uploads for an undo', ['--undo', '--uploads', '/tmp'], 2, /--undo does not take --uploads/],
  ['no DATABASE_URL', [], 2, /DATABASE_URL is not set.*\n.*embedded one/],
  ['--help', ['--help'], 0, /Usage: npm run migrate:legacy/],
])('%s', async (_, args, expected, says) => {
  const { code, output } = await command(args, {})
  expect([code, output]).toEqual([expected, expect.stringMatching(says)])
})

test('a database without an old inbox is the wrong one: 2', async () => {
  const { code, output } = await command([], { DATABASE_URL: await freshDatabase() })
  expect([code, output]).toEqual([2, expect.stringContaining('no table private_messages, message_group')])
})

test('a database that cannot be reached: 1', async () => {
  const { code, output } = await command([], { DATABASE_URL: 'postgres://127.0.0.1:1/x' })
  expect([code, output]).toEqual([1, expect.stringContaining('ECONNREFUSED')])
})

test('a run that is stopped: 1, and the report says why', async () => {
  const { url, ask } = await portalWith('sample')
  await ask("insert into users (email) values ('JAN.kowalski@firma.example')")
  const file = join(emptyFolder(), 'report.json')
  const { code, output } = await command(['--report', file], { DATABASE_URL: url })
  expect([code, output]).toEqual([1, expect.stringContaining('JAN.kowalski@firma.example')])
  expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({
    outcome: 'stopped',
    reasons: [expect.any(String), expect.any(String)],
  })
})

test('a run killed half-way leaves nothing behind, and can be repeated', async () => {
  const portal = await portalWith()
  await portal.ask('set generated.messages = 8000')
  await portal.ask(readFileSync(join(import.meta.dirname, 'fixtures/generated.sql'), 'utf8'))
  await applyMissing(portal.url)
  const before = await portal.dump()
  for (const moment of [/^Messages: /m, /^Putting together/m]) {
    const { child, output } = start([], { DATABASE_URL: portal.url })
    while (!moment.test(output())) await sleep(5)
    child.kill('SIGKILL')
    await once(child, 'close')
    await expect
      .poll(
        () =>
          portal.ask(
            "select from pg_stat_activity where application_name = 'rozmowa migrate:legacy' and datname = current_database()",
          ),
        { timeout: 20_000 },
      )
      .toHaveLength(0)
    expect(await portal.dump()).toEqual(before)
  }
  const { code, output } = await command([], { DATABASE_URL: portal.url })
  expect(code, output).toBe(0)
}, 120_000)

test('files are copied once, checked, and removed by an undo', async () => {
  const { url, ask } = await portalWith('sample')
  const [uploads, DATA_DIR] = [emptyFolder(), emptyFolder()]
  writeFileSync(join(uploads, 'a1b2c3.pdf'), Buffer.alloc(10_240))
  await ask(
    "insert into message_attachments (message_id, filename, stored_filename, file_size, mime_type) values (4, 'x', '../../etc/passwd', 1, 'text/plain')",
  )
  const kept = join(DATA_DIR, 'attachments')
  const environment = { DATABASE_URL: url, DATA_DIR }

  const dry = await command(['--uploads', uploads, '--dry-run'], environment)
  expect(dry.output).toMatch(/^files copied +1$/m)
  expect(readdirSync(DATA_DIR)).toEqual([])

  const first = await command(['--uploads', uploads], environment)
  expect(first.output).toMatch(/^files copied +1$/m)
  expect(first.output).toMatch(/^files missing +1$/m)
  expect(first.output).toContain(`message_attachments 2 its file d4e5f6.jpg is not in ${uploads}`)
  expect(first.output).toContain('message_attachments 4 has a stored name that leads elsewhere: left')
  expect(readdirSync(kept)).toEqual(['a1b2c3.pdf'])
  expect(statSync(join(kept, 'a1b2c3.pdf')).size).toBe(10_240)
  expect(readdirSync(join(DATA_DIR, 'uploads'))).toEqual([])
  expect(await ask('select id from message_attachments where new_message_id is null order by id')).toEqual([
    { id: 3 },
    { id: 4 },
  ])

  writeFileSync(join(uploads, 'd4e5f6.jpg'), 'krótszy')
  const second = await command(['--uploads', uploads], environment)
  expect(second.output).toMatch(/^files there +1$/m)
  expect(second.output).toContain(
    'message_attachments 2 its file has 8 bytes, not the 20480 that the portal has stored',
  )
  expect(readdirSync(kept).sort()).toEqual(['a1b2c3.pdf', 'd4e5f6.jpg'])

  expect((await command(['--undo'], environment)).output).toMatch(/^files removed +2$/m)
  expect(readdirSync(kept)).toEqual([])
})

test('no link leads out of the uploads folder', async () => {
  const { url, ask } = await portalWith('sample')
  const [uploads, elsewhere, DATA_DIR] = [emptyFolder(), emptyFolder(), emptyFolder()]
  writeFileSync(join(elsewhere, 'tajne'), 'tajne')
  mkdirSync(join(uploads, 'folder'))
  writeFileSync(join(uploads, 'prawdziwy'), 'prawdziwy')
  const links = {
    absolute: join(elsewhere, 'tajne'),
    relative: join('..', basename(elsewhere), 'tajne'),
    system: '/etc/passwd',
    process: '/proc/self/environ',
    device: '/dev/zero',
    folder_link: elsewhere,
    up: '..',
    loop: 'loop',
    nothing: 'nie ma',
    chain: 'absolute',
    inside: 'prawdziwy',
  }
  for (const [name, target] of Object.entries(links)) {
    symlinkSync(target, join(uploads, name))
    await ask(
      `insert into message_attachments (message_id, filename, stored_filename, file_size, mime_type) values (4, 'x', '${name}', 9, 'text/plain')`,
    )
  }
  const { code, output } = await command(['--uploads', uploads], { DATABASE_URL: url, DATA_DIR })
  expect(code, output).toBe(0)
  expect(readdirSync(join(DATA_DIR, 'attachments'))).toEqual(['inside'])
  for (const name of Object.keys(links).filter((each) => each !== 'inside'))
    expect(output).toContain(`its file ${name} is not in ${uploads}`)
})

test('a failed run leaves no files behind', async () => {
  const { url, ask } = await portalWith('sample')
  await applyMissing(url)
  await ask("create function no() returns trigger language plpgsql as $$ begin raise 'no room'; end $$")
  await ask('create trigger no before insert on legacy_messages execute function no()')
  const [uploads, DATA_DIR] = [emptyFolder(), emptyFolder()]
  writeFileSync(join(uploads, 'a1b2c3.pdf'), Buffer.alloc(10_240))
  const { code, output } = await command(['--uploads', uploads], { DATABASE_URL: url, DATA_DIR })
  expect([code, output]).toEqual([
    1,
    expect.stringContaining('The run failed, and nothing was stored: no room'),
  ])
  expect(readdirSync(join(DATA_DIR, 'uploads'))).toEqual([])
})
