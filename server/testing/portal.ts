import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import postgres from 'postgres'
import { afterAll, inject } from 'vitest'

const fixtures = join(import.meta.dirname, '../legacy/fixtures')
const types = { bigint: { to: 20, from: [20], parse: Number, serialize: String } }
let databases = 0

export interface Portal {
  url: string
  // biome-ignore lint/suspicious/noExplicitAny: a test says what it expects by asserting it
  ask(statement: string): Promise<any[]>
  /** Every row of these tables, of all when none is named, as text; without the columns named. */
  dump(options?: { tables?: string[]; without?: string[] }): Promise<Record<string, string[]>>
}

/** A database of the caller's own as a portal has it, before the service ever saw it: its tables, filled by these files. */
export async function portalWith(...files: string[]): Promise<Portal> {
  const server = new URL('/postgres', inject('template'))
  const admin = postgres(server.href, { max: 1, onnotice: () => {} })
  // So that testing/postgres.ts drops it when this process is gone.
  const name = `test_${process.pid}_portal_${databases++}`
  await admin`create database ${admin(name)}`
  await admin.end()
  const url = new URL(`/${name}`, server).href
  const sql = postgres(url, { max: 1, onnotice: () => {}, types })
  afterAll(() => sql.end())
  const portal = { url, ask: (statement: string) => sql.unsafe(statement), dump: dumpOf(sql) }
  for (const file of ['schema', ...files])
    await portal.ask(readFileSync(join(fixtures, `${file}.sql`), 'utf8'))
  return portal
}

const dumpOf =
  (sql: postgres.Sql<{ bigint: number }>): Portal['dump'] =>
  async ({ tables, without = [] } = {}) => {
    const all = await sql<{ name: string }[]>`
      select tablename as name from pg_tables where schemaname = 'public' order by 1`
    const dump: Record<string, string[]> = {}
    for (const name of tables ?? all.map((table) => table.name)) {
      const rows = await sql<{ row: string }[]>`
        select (to_jsonb(t) - ${without}::text[])::text as row from ${sql(name)} t order by 1`
      dump[name] = rows.map(({ row }) => row)
    }
    return dump
  }
