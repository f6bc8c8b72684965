import { execFile, spawn } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { userInfo } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, inject, onTestFinished, test } from 'vitest'
import { openPostgres } from './db/address.ts'
import { freePort } from './db/embedded/server.ts'
import { bareEnvironment } from './testing/environment.ts'
import { emptyFolder } from './testing/folder.ts'
import { Guide } from './testing/guide.ts'
import { startPostgres } from './testing/own-postgres.ts'
import { startRedis } from './testing/redis.ts'
import { MailServer } from './testing/smtp.ts'

const root = join(import.meta.dirname, '..')
const guide = new Guide('install.md')
const run = promisify(execFile)
const machine = emptyFolder()
const name = `test_${process.pid}_installed`
const server = new URL('/postgres', inject('template')).href
/** Whose settings may be changed. */
const own = await startPostgres()
const mail = await MailServer.start()

/** The folders of the guide's machine, moved into one of the test's. */
const here = (text: string) =>
  text.replaceAll(/(?<![\w}.])\/(opt|etc|var|usr\/local\/bin)\//g, (_, folder) => `${machine}/${folder}/`)

/** Programs that would change this machine are only asked whether they could. */
const standIns = {
  sudo: 'while case "$1" in -u) shift 2;; -*) shift;; *) false;; esac; do :; done; exec "$@"',
  'apt-get': 'shift 2; exec apt-cache show --no-all-versions "$@"',
  adduser: 'exit 0',
  git: `[ "$1" = clone ] && ln -s ${root} "$3"`,
  npm: '[ "$1 $2" = "ci --omit=dev" ]',
  systemctl: `for unit in "$@"; do case "$unit" in rozmowa@*) [ -e ${machine}/etc/systemd/system/rozmowa@.service ] || exit 1; esac; done`,
  nginx: '[ "$1" = -t ]',
  // Who runs the tests owns everything.
  install:
    'for each; do shift; case "$each" in --owner=*|--group=*) ;; *) set -- "$@" "$each"; esac; done; exec /usr/bin/install "$@"',
  psql: `SERVER_URL=${server} AS=${name} exec ${process.execPath} ${root}/server/testing/psql.ts "$@"`,
}

const path = `${machine}/shims:${machine}/usr/local/bin:${process.env.PATH}`
const follow = (script: string) =>
  run('sh', ['-euc', here(script)], {
    cwd: machine,
    env: { ...bareEnvironment(), PATH: path, REPOSITORY: 'https://example.org/rozmowa.git' },
  })

/** Writes a file of the guide, with what is this machine's. */
function place(file: string, changed: Record<string, string> = {}): void {
  const lines = guide.file(file).split('\n')
  const text = lines.map((line) => {
    const [variable] = line.split('=', 1)
    return variable! in changed ? `${variable}="${changed[variable!]}"` : line
  })
  writeFileSync(here(file), here(text.join('\n')))
}

/** As the guide has them. */
const settingsOfRedis = () =>
  guide
    .file('/etc/redis/redis.conf')
    .split('\n')
    .filter((line) => line && !line.startsWith('#'))
    .flatMap((line) => `--${line}`.split(' '))

test('on Debian a server is installed by the commands of the guide, and its first member signs in', async () => {
  const folders = ['shims', 'opt', 'etc/systemd/system', 'etc/nginx', 'usr/local/bin', 'var/lib']
  for (const folder of folders) mkdirSync(join(machine, folder), { recursive: true })
  for (const [program, script] of Object.entries(standIns))
    writeFileSync(join(machine, 'shims', program), `#!/bin/sh\n${script}\n`, { mode: 0o755 })
  writeFileSync(join(machine, 'password.txt'), 'sześć długich słów\n')
  const redis = await startRedis({ more: settingsOfRedis() })
  onTestFinished(async () => {
    await redis.stop()
    const sql = openPostgres(server, { max: 1 })
    await sql.unsafe(`drop database if exists ${name} with (force)`)
    await sql.unsafe(`drop role if exists ${name}`)
    await sql.end()
  })

  for (const step of ['1. Packages, a user, the code', '2. The database'])
    for (const script of guide.scripts(step)) await follow(script)

  const [prepare, restart] = guide.scripts('3. Settings')
  await follow(prepare!)
  const DATABASE_URL = new URL(`/${name}`, server).href
  place('/etc/rozmowa/environment', {
    DATABASE_URL,
    SESSION_SECRET: 'only-for-tests-only-for-tests',
    REDIS_URL: redis.url,
    SMTP_URL: mail.url,
  })
  const command = here('/usr/local/bin/rozmowa-admin')
  const mine = here(readFileSync(command, 'utf8')).replace('!= rozmowa', `!= ${userInfo().username}`)
  writeFileSync(command, mine)
  await follow(restart!)

  const [start, check] = guide.scripts('4. Start it')
  await follow(start!)
  const address = await startUnit()
  const { stdout: found } = await follow(check!)
  // Until the first night.
  expect(found).toMatch(/^WARN {2}backups: there is none/m)
  expect(found).toMatch(/ 1 warnings, 0 failures$/m)

  for (const step of ['5. nginx', '6. The first member'])
    for (const script of guide.scripts(step)) await follow(script)
  expect(readFileSync(here('/etc/nginx/rozmowa/upstream.conf'), 'utf8')).not.toContain('app1')
  expect(readFileSync(here('/etc/nginx/rozmowa/rozmowa.conf'), 'utf8')).toMatch(
    /^include rozmowa\/tls.conf;$/m,
  )
  const signIn = { email: 'ewa@example.org', password: 'sześć długich słów' }
  const answer = await fetch(`${address}/api/auth/login`, {
    method: 'POST',
    // As nginx passes it on.
    headers: {
      'content-type': 'application/json',
      'x-forwarded-proto': 'https',
      'x-forwarded-host': 'rozmowa.example.org',
    },
    body: JSON.stringify(signIn),
  })
  expect(answer.status).toBe(200)

  const [fetched, upgrade] = new Guide('upgrade.md').scripts('On Debian or Ubuntu')
  await follow(fetched!)
  const { port } = new URL(address)
  const said = await follow(upgrade!.replace('3001 3002', port).replaceAll('rozmowa@$port', 'rozmowa@3001'))
  expect(said.stdout).toMatch(/"postgresql":"ok".* 0 failures$/ms)
})

test('PostgreSQL understands what the guide to tuning sets', async () => {
  const sql = openPostgres(own.url, { max: 1 })
  const commands = [...new Guide('tune.md').scripts('PostgreSQL')[0]!.matchAll(/--command "(.*)"/g)]
  expect(commands.length).toBeGreaterThan(2)
  for (const [, command] of commands) await sql.unsafe(command!)
  const set = await sql`select name from pg_file_settings where sourcefile like '%postgresql.auto.conf'`
  expect(set).toHaveLength(commands.length)
  await sql.end()
})

/** What systemd would start, with the settings that the guide has placed. @returns its address */
async function startUnit(): Promise<string> {
  const port = await freePort()
  const unit = here(readFileSync(here('/etc/systemd/system/rozmowa@.service'), 'utf8')).replaceAll(
    '%i',
    `${port}`,
  )
  const all = (directive: string) =>
    [...unit.matchAll(new RegExp(`^${directive}=(.*)$`, 'gm'))].map(([, value]) => value)
  const [settings] = all('EnvironmentFile')
  const [program, ...args] = `${all('ExecStart')}`.split(' ')
  const command = [program, `--env-file=${settings}`, ...args].join(' ')
  const script = `export ${all('Environment').join(' ')}; cd ${all('WorkingDirectory')}; exec ${command}`
  const service = spawn('sh', ['-euc', script], { env: {}, stdio: 'ignore' })
  onTestFinished(() => void service.kill('SIGKILL'))
  const address = `http://127.0.0.1:${port}`
  const isReady = () =>
    fetch(`${address}/readyz`).then(
      ({ ok }) => ok,
      () => false,
    )
  await expect.poll(isReady, { timeout: 40_000, interval: 200 }).toBe(true)
  return address
}
