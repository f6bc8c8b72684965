import postgres from 'postgres'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { closeDatabase, openDatabase, sql } from '../db/client.ts'
import { freshDatabase } from '../testing/postgres.ts'
import { searching, searchUsers } from './search.ts'

const given = ['Anna', 'Bartek', 'Celina', 'Dawid', 'Łucja', 'Żaneta', 'Michał', 'Ewa', 'Grzegorz', 'Zofia']
const family = ['Kowalska', 'Nowak', 'Wiśniewska', 'Zieliński', 'Wójcik', 'Lewandowska', 'Dąbrowski', 'Mazur']

beforeAll(async () => {
  const url = await freshDatabase()
  // Without the service's timeouts; the index is built afterwards, which takes a third of the time.
  const filling = postgres(url)
  const [index] = await filling`select pg_get_indexdef('users_sought_pieces'::regclass) as definition`
  await filling`drop index users_sought_pieces`
  await filling`
    insert into users (email, username, name, company)
    select 'm' || i || '@example.org', 'm' || i,
      (${given}::text[])[1 + i % 10] || ' ' || (${family}::text[])[1 + i / 10 % 8] || ' ' || i, 'Oddział ' || i % 97
    from generate_series(1, 50000) i`
  await filling.unsafe(index!.definition)
  await filling`analyze users`
  await filling.end()
  await openDatabase(url)
}, 120_000)
afterAll(() => closeDatabase())

interface Plan {
  'Node Type': string
  'Relation Name'?: string
  'Actual Rows': number
  'Actual Loops': number
  'Rows Removed by Filter'?: number
  Plans?: Plan[]
}

const nodes = (plan: Plan): Plan[] => [plan, ...(plan.Plans ?? []).flatMap(nodes)]

/** The plan by which a search reads users, and how many it reads. */
async function looksAt(query: string): Promise<{ ways: string[]; rows: number }> {
  const [row] = await sql`explain (analyze, format json) ${searching(query, 20)}`
  const [{ Plan: plan }] = row!['QUERY PLAN'] as [{ Plan: Plan }]
  const scans = nodes(plan).filter((node) => node['Relation Name'] === 'users')
  const rows = scans.map(
    (scan) => (scan['Actual Rows'] + (scan['Rows Removed by Filter'] ?? 0)) * scan['Actual Loops'],
  )
  return { ways: scans.map((scan) => scan['Node Type']), rows: rows.reduce((sum, each) => sum + each, 0) }
}

test.each([
  ['', 1100],
  ['a', 1100],
  ['ka', 1100],
  ['KOWALSKA', 1100],
  ['ż', 7500],
  ['zofia', 6500],
  ['zofia mazur 49', 1200],
  ['45', 1100],
  ['m12345', 1100],
  ['@m1234', 1100],
  ['oddział 12', 1800],
  ['%', 1100],
  ['zzz', 1100],
])('searching 50,000 members for %j reads no more than %i', async (query, most) => {
  const { ways, rows } = await looksAt(query)
  expect(ways).not.toContain('Seq Scan')
  expect(rows).toBeLessThanOrEqual(most)
})

test('the first matches by name are found, as many as requested, whether common or rare', async () => {
  for (const [query, pattern, limit] of [
    ['zofia', '%zofia%', 100],
    ['ka', '%ka%', 7],
    ['zofia mazur 49', '%zofia mazur 49%', 100],
  ] as const) {
    const wanted = await sql<{ id: number }[]>`
      select id from users where sought like ${pattern} order by name_order(name) collate "C", id limit ${limit}`
    expect((await searchUsers({ query, limit })).users.map(({ id }) => id)).toEqual(
      wanted.map(({ id }) => id),
    )
    expect(wanted.length).toBeGreaterThan(5)
  }
})
