import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { chmod } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { bareEnvironment } from '../testing/environment.ts'
import { emptyFolder } from '../testing/folder.ts'
import { freshDatabase } from '../testing/postgres.ts'
import { RunningService } from '../testing/process.ts'
import { Person } from '../testing/service.ts'

const root = join(import.meta.dirname, '../..')
const guide = readFileSync(join(root, 'docs/secure.md'), 'utf8')
const blocks = [...guide.matchAll(/^```sh\n(.*?)^```/gms)].map(([, commands]) => commands!.trim())

/** What each command of the guide says, by how it begins. */
const says: [begins: string, expected: RegExp][] = [
  ['export ADDRESS', /^$/],
  ['npm run admin -- doctor', / ok {3}configuration: .*[\s\S]* 0 failures/],
  ['openssl rand', /^[0-9a-f]{64}\n$/],
  [
    'curl --silent --show-error --head',
    /^HTTP\/1\.1 200 OK[\s\S]*Content-Security-Policy: default-src 'none'/,
  ],
  ['curl --silent --output', /^401\n$/],
  ['find "$DATA_DIR"', /^$/],
  ['npm run audit', / ok {3}each has a hash/],
  ['echo "SESSION_SECRET=', /^SESSION_SECRET=old key of thirty-two characters,[0-9a-f]{64}\n$/],
  ['npm run admin -- user:deactivate', /ewa/],
]

const environment = {
  DATABASE_URL: await freshDatabase(),
  DATA_DIR: emptyFolder(),
  SESSION_SECRET: 'old key of thirty-two characters',
  REGISTRATION: 'open',
}
const service = await RunningService.start(environment)
const [ewa, ola] = await Promise.all(
  ['ewa', 'ola'].map(async (username) => {
    const person = new Person(service.address)
    const { body } = await person.post('/api/auth/register', {
      email: `${username}@example.org`,
      username,
      password: 'tajne haslo',
    })
    return Object.assign(person, { id: body.user.id })
  }),
)
const file = new FormData()
file.set('file', new File(['treść'], 'a.txt'))
await ewa!.request('POST', '/api/messages/upload', { body: file })

const run = (command: string) =>
  promisify(execFile)('/bin/sh', ['-e', '-c', `export ADDRESS="$BASE_URL"\n${command}`], {
    cwd: root,
    env: {
      ...bareEnvironment(),
      ...environment,
      BASE_URL: service.address,
      npm_config_loglevel: 'silent',
      npm_config_fetch_retries: '0',
    },
  })

test('of each command of the guide it is known what it says', () => {
  expect(blocks.map((block) => says.findIndex(([begins]) => block.startsWith(begins)))).toEqual(
    says.map((_, i) => i),
  )
})

test.each(says)('%s… says %s', async (begins, expected) => {
  const { stdout } = await run(blocks.find((block) => block.startsWith(begins))!)
  expect(stdout).toMatch(expected)
})

test('what others may read is found by the guide', async () => {
  const find = blocks.find((block) => block.startsWith('find'))!
  await chmod(join(environment.DATA_DIR, 'attachments'), 0o755)
  expect((await run(find)).stdout).toMatch(/\/attachments\n$/)
})

test('whoever was deactivated by the guide is signed out, and nobody else', async () => {
  expect((await ewa!.get('/api/users/me')).status).toBe(401)
  expect((await ola!.get('/api/users/me')).status).toBe(200)
})
