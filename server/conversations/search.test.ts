import { expect, test } from 'vitest'
import type { Conversation } from '../contract/conversations.ts'
import type { User, UserPage } from '../contract/users.ts'
import { startService } from '../testing/service.ts'

const { anna, bartek, celina, dawid, ewa } = await startService()
const { sql } = await import('../db/client.ts')

const names = ['Żółw & Spółka', '100% frekwencji', 'Rada_nadzorcza', 'Komisja rewizyjna', 'ŁĄKA']
for (const name of names) await anna.post('/api/conversations', { name, member_ids: [bartek.id] })
await anna.talkTo(celina)
const withDawid = await anna.talkTo(dawid)
await anna.patch(`/api/conversations/${withDawid}/settings`, { is_archived: true })
await anna.talkTo(anna)
await bartek.post('/api/conversations', { name: 'Żółw bez Anny', member_ids: [ewa.id] })

/** Enough to be far behind the first page of anyone's list. */
const crowd = 160
await sql`
  insert into users (email, username, name)
  select format('czlonek%s@example.org', n), format('czlonek%s', n), format('Członek nr %s', lpad(n::text, 3, '0'))
  from generate_series(1, ${crowd}) n`

const ask = async (query: Record<string, string>) =>
  (await anna.get(`/api/conversations?${new URLSearchParams(query)}`)).body
const titles = async (query: string, filter = 'all') =>
  (await ask({ query, filter, limit: '100' })).conversations.map(({ title }: Conversation) => title).sort()

test.each([
  ['żółw', ['Żółw & Spółka']],
  ['ZOLW', ['Żółw & Spółka']],
  ['żół\u200bw\u00a0&  sp', ['Żółw & Spółka']],
  ['@celina', ['Celina Wójcik']],
  ['spolka', ['Żółw & Spółka']],
  ['  rewizyjna  ', ['Komisja rewizyjna']],
  ['laka', ['ŁĄKA']],
  ['%', ['100% frekwencji']],
  ['_', ['Rada_nadzorcza']],
  ['\\', []],
  ['wojcik', ['Celina Wójcik']],
  ['celina', ['Celina Wójcik']],
  ['kowalska', ['Anna Kowalska']],
  ['dawid', []],
  ['bez Anny', []],
  ["' or true --", []],
])('searching the list for “%s” ignores case and diacritics', async (query, found) => {
  expect(await titles(query)).toEqual(found)
})

test('a search stays within its filter, and “any” includes the archive', async () => {
  expect(await titles('zolk', 'any')).toEqual(['Dawid Żółkiewski'])
  expect(await titles('zolk', 'archived')).toEqual(['Dawid Żółkiewski'])
  expect(await titles('wojcik', 'groups')).toEqual([])
  expect(await titles('', 'any')).toHaveLength(names.length + 3)
})

test('people are found by their username as well', async () => {
  await sql`update users set username = 'skowronek' where id = ${celina.id}`
  expect(await titles('skowr')).toEqual(['Celina Wójcik'])
})

test('results come in pages, with each conversation once', async () => {
  const found: string[] = []
  let cursor: string | null = ''
  do {
    const page = await ask({ query: 'a', limit: '2', ...(cursor && { cursor }) })
    found.push(...page.conversations.map(({ title }: Conversation) => title))
    cursor = page.next_cursor
  } while (cursor)
  expect(found.toSorted()).toEqual(await titles('a'))
  expect(found.length).toBeGreaterThan(4)
})

test('paging through the directory returns each member once, whatever is searched for', async () => {
  for (const query of ['', 'czlonek']) {
    const seen: User[] = []
    let cursor: string | null = ''
    do {
      const search: URLSearchParams = new URLSearchParams({ query, ...(cursor && { cursor }) })
      const { body }: { body: UserPage } = await anna.get(`/api/users?${search}`)
      expect(body.users.length).toBeLessThanOrEqual(20)
      expect(body.has_more).toBe(body.next_cursor !== null)
      seen.push(...body.users)
      cursor = body.next_cursor
    } while (cursor)
    expect(new Set(seen.map(({ id }) => id)).size).toBe(seen.length)
    expect(seen).toHaveLength(query ? crowd : crowd + 5)
  }
})

test.each(['x', 'W10', '9'.repeat(3000), Buffer.from('["a\\u0000",1]').toString('base64url')])(
  'a cursor of the directory that we did not write does not fit',
  async (cursor) => {
    expect((await anna.get(`/api/users?cursor=${cursor}`)).status).toBe(400)
  },
)

test('unread messages are counted over all conversations but muted and archived ones, up to a hundred', async () => {
  const total = async () => (await dawid.get('/api/conversations?limit=1')).body.unread_total
  expect(await total()).toBe(0)
  const group = async (name: string) =>
    (await ewa.post('/api/conversations', { name, member_ids: [dawid.id] })).body.conversation.id
  const [far, muted, archived, gone] = [
    await group('a'),
    await group('b'),
    await group('c'),
    await group('d'),
  ]
  for (const id of [far, far, muted, archived, gone]) await ewa.say(id, 'x')
  expect(await total()).toBe(5)
  await dawid.patch(`/api/conversations/${muted}/settings`, { is_muted: true })
  await dawid.patch(`/api/conversations/${archived}/settings`, { is_archived: true })
  await ewa.delete(`/api/conversations/${gone}`)
  expect(await total()).toBe(2)
  await dawid.say(muted, 'moja')
  const last = await ewa.say(far, 'do usunięcia')
  expect(await total()).toBe(3)
  await ewa.delete(`/api/messages/${last.id}`)
  expect(await total()).toBe(2)
  await dawid.post(`/api/conversations/${far}/read`)
  expect(await total()).toBe(0)
  for (let i = 0; i < 101; i++) await ewa.say(far, `${i}`)
  expect(await total()).toBe(100)
})
