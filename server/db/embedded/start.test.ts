import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import postgres from 'postgres'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startEmbedded } from './start.ts'

const isRoot = process.getuid?.() === 0
const top = mkdtempSync(join(tmpdir(), 'rozmowa-embedded-'))
const dataDir = join(top, 'data')
const cluster = join(dataDir, 'postgres', 'cluster')

beforeAll(() => chmodSync(top, 0o755))
afterAll(() => rmSync(top, { recursive: true, force: true }))

describe('embedded PostgreSQL', () => {
  it('makes a durable UTF-8 database in UTC that only this machine reaches', async () => {
    const seen = await withDatabase(async (sql) => {
      await sql`create table kept (word text)`
      await sql`insert into kept values ('Zażółć')`
      return sql`select current_database() as name, upper('żółw') as upper, current_setting('TimeZone') as zone,
        current_setting('fsync') as fsync, current_setting('listen_addresses') as listens, rolpassword like 'SCRAM%' as scram
        from pg_authid where rolname = current_user`
    })
    expect(seen[0]).toEqual({
      ...{ name: 'rozmowa', upper: 'ŻÓŁW', zone: 'UTC', fsync: 'on', listens: '127.0.0.1', scram: true },
    })
    expect(statSync(join(dataDir, 'postgres', 'password')).mode & 0o777).toBe(0o600)
  })

  it('keeps the data across restarts', async () => {
    expect(await words()).toEqual(['Zażółć'])
  })

  it('asks for the password', async () => {
    const { url, stop } = await startEmbedded(dataDir)
    const stranger = postgres(url.replace(/:[0-9a-f]{48}@/, ':guess@'), { max: 1 })
    await expect(stranger`select 1`).rejects.toThrow('password authentication failed')
    await stop()
  })

  it('refuses a folder that another service is using', async () => {
    const { stop } = await startEmbedded(dataDir)
    await expect(startEmbedded(dataDir)).rejects.toThrow(
      `DATA_DIR ${dataDir} is in use by process ${process.pid}`,
    )
    await stop()
    expect(await words()).toEqual(['Zażółć'])
  })

  it('takes over the lock of a process that is gone', async () => {
    writeFileSync(join(dataDir, 'rozmowa.pid'), `${process.ppid}\nstarted another day\n`)
    expect(await words()).toEqual(['Zażółć'])
    expect(existsSync(join(dataDir, 'rozmowa.pid'))).toBe(false)
  })

  it('brings a killed server back while the service runs', async () => {
    const { url, stop } = await startEmbedded(dataDir)
    process.kill(serverPid(), 'SIGKILL')
    const sql = postgres(url, { max: 1 })
    await expect.poll(() => sql`select word from kept`.catch(() => []), { timeout: 10_000 }).toHaveLength(1)
    await sql.end()
    await stop()
  })

  it('starts again after the service was killed and its server lives on', async () => {
    await killService()
    const before = log().length
    expect(await words()).toEqual(['Zażółć'])
    expect(log().slice(before)).toContain('received fast shutdown request')
    expect(log().slice(before)).not.toContain('not properly shut down')
  })

  it('starts again after both were killed', async () => {
    process.kill(await killService(), 'SIGKILL')
    expect(await words()).toEqual(['Zażółć'])
  })

  it('is not held up when the number of a crashed server belongs to another program', async () => {
    process.kill(await killService(), 'SIGKILL')
    const { uid, gid } = statSync(cluster)
    const other = spawn('sleep', ['60'], isRoot ? { uid, gid } : {})
    const lock = join(cluster, 'postmaster.pid')
    writeFileSync(lock, readFileSync(lock, 'utf8').replace(/^\d+/, String(other.pid)))
    expect(await words()).toEqual(['Zażółć'])
    expect(other.exitCode).toBe(null)
    other.kill()
  })

  it('starts over where making the database was cut short', async () => {
    const half = join(top, 'half')
    await (await startEmbedded(half)).stop()
    execFileSync('mv', [join(half, 'postgres', 'cluster'), join(half, 'postgres', 'cluster.new')])
    rmSync(join(half, 'postgres', 'cluster.new', 'global'), { recursive: true })
    expect(await withDatabase((sql) => sql`select 1 as one`, half)).toEqual([{ one: 1 }])
  })

  it('starts over while what a killed service had begun goes on', async () => {
    const early = join(top, 'early')
    const home = join(early, 'postgres')
    const service = spawnService(early)
    const begun = () =>
      existsSync(home) && readdirSync(home).find((name) => existsSync(join(home, name, 'global')))
    await expect.poll(begun, { interval: 10, timeout: 20_000 }).toMatch(/^cluster\./)
    const gone = once(service, 'exit')
    service.kill('SIGKILL')
    await gone
    expect(await withDatabase((sql) => sql`select 1 as one`, early)).toEqual([{ one: 1 }])
    expect(readdirSync(home).sort()).toEqual(['cluster', 'password'])
  })

  it('says in one line what is wrong', async () => {
    writeFileSync(join(top, 'file'), '')
    await expect(startEmbedded(join(top, 'file'))).rejects.toThrow(/^DATA_DIR .* cannot be made: EEXIST$/)
    await expect(startEmbedded(dataDir, { shared_buffers: 'none' })).rejects.toThrow(
      /^Embedded PostgreSQL did not start: FATAL: .*shared_buffers.*\(.*postgres\.log\)$/,
    )
  })

  it.runIf(isRoot)('keeps the data outside a folder that only root may enter', async () => {
    const closed = join(top, 'closed')
    mkdirSync(closed, { mode: 0o700 })
    const inside = join(closed, 'data')
    await withDatabase((sql) => sql`create table kept ()`, inside)
    expect(await withDatabase((sql) => sql`select from kept`, inside)).toEqual([])
    execFileSync('cp', ['-a', inside, join(closed, 'copy')])
    await expect(startEmbedded(join(closed, 'copy'))).rejects.toThrow(`leads to the database of ${inside}`)
    execFileSync('rm', [
      '-r',
      `${execFileSync('readlink', [join(inside, 'postgres')], { encoding: 'utf8' }).trim()}`,
    ])
    await expect(startEmbedded(inside)).rejects.toThrow('leads to a folder that is gone')
  })
})

async function withDatabase<T>(use: (sql: postgres.Sql) => Promise<T>, folder = dataDir): Promise<T> {
  const { url, stop } = await startEmbedded(folder)
  const sql = postgres(url, { max: 1 })
  return use(sql)
    .finally(() => sql.end())
    .finally(stop)
}

function words(): Promise<string[]> {
  return withDatabase(async (sql) => (await sql`select word from kept`).map((row) => row.word))
}

function log(): string {
  return readFileSync(join(dataDir, 'postgres.log'), 'utf8')
}

function serverPid(): number {
  return Number.parseInt(readFileSync(join(cluster, 'postmaster.pid'), 'utf8'), 10)
}

/** A service of its own, which says when its database is there. */
function spawnService(folder: string) {
  const start = `import { startEmbedded } from '${new URL('./start.ts', import.meta.url)}'
    await startEmbedded('${folder}')
    process.stdout.write('ready')`
  return spawn(process.execPath, ['--input-type=module-typescript', '--eval', start])
}

/** One on the same data, killed without a chance to clean up; gives the pid of its server. */
async function killService(): Promise<number> {
  const service = spawnService(dataDir)
  await new Promise((resolve) => service.stdout.once('data', resolve))
  const left = serverPid()
  service.kill('SIGKILL')
  await new Promise((resolve) => service.once('exit', resolve))
  await sleep(50)
  return left
}
