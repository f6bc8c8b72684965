import { chmodSync, existsSync, mkdtempSync, readdirSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import postgres from 'postgres'
import { inject } from 'vitest'
import type { TestProject } from 'vitest/node'
import { removeUnfinished } from '../db/embedded/cluster.ts'
import { lockFolder, stopLeftover } from '../db/embedded/lock.ts'
import { startEmbedded } from '../db/embedded/start.ts'
import { migrate } from '../db/migrate.ts'

declare module 'vitest' {
  export interface ProvidedContext {
    /** The migrated database that every test file's own is a copy of. */
    template: string
    /** For files; removed after the run. */
    folder: string
  }
}

const prefix = 'rozmowa-test-'
/** What a machine would lose at a power cut does not matter to a test. */
export const quick = {
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  max_connections: '300',
}

/** Vitest's global setup: one PostgreSQL for the run, thrown away after it. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  await removeLeftovers()
  const folder = mkdtempSync(join(tmpdir(), prefix))
  // PostgreSQL may have to run as another user.
  chmodSync(folder, 0o755)
  const { url, stop } = await startEmbedded(folder, quick)
  await migrate(url)
  project.provide('folder', folder)
  project.provide('template', url)
  return () => stop().finally(() => clearAway(folder))
}

/** A database of the caller's own, migrated and empty, gone some time after the test file is done. */
export async function freshDatabase(): Promise<string> {
  const template = new URL(inject('template'))
  const server = new URL('/postgres', template)
  const sql = postgres(server.href, { max: 1, onnotice: () => {} })
  try {
    await dropAbandoned(sql)
    const name = `test_${process.pid}_${databases++}`
    await sql`create database ${sql(name)} template ${sql(template.pathname.slice(1))}`
    return new URL(`/${name}`, template).href
  } finally {
    await sql.end()
  }
}

let databases = 0

/** A test file's databases are named after its process: left standing, hundreds would fill the disk. */
async function dropAbandoned(sql: postgres.Sql): Promise<void> {
  for (const { name } of await sql<
    { name: string }[]
  >`select datname as name from pg_database where datname like 'test\\_%'`) {
    if (!isAlive(Number(name.split('_')[1])))
      await sql`drop database if exists ${sql(name)} with (force)`.catch(() => {})
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

/** Of runs that were killed. */
async function removeLeftovers(): Promise<void> {
  for (const name of readdirSync(tmpdir()).filter((each) => each.startsWith(prefix))) {
    const folder = join(tmpdir(), name)
    await lockFolder(folder)
      .then(() => clearAway(folder))
      .catch(() => {})
  }
}

/** Removes a run's folder, and ends every PostgreSQL in it: that of a service which was killed goes on by itself. */
export async function clearAway(folder: string): Promise<void> {
  for (const home of homesIn(folder)) {
    await stopLeftover(join(home, 'cluster'))
    await removeUnfinished(join(home, 'cluster'))
    rmSync(home, { recursive: true, force: true })
  }
  rmSync(folder, { recursive: true, force: true })
}

/** Where the databases are whose folders of data are in this one, or are this one. */
const homesIn = (folder: string): string[] =>
  [folder, ...readdirSync(folder).map((name) => join(folder, name))]
    .map((data) => join(data, 'postgres'))
    .filter((home) => existsSync(home))
    .map((home) => realpathSync(home))
