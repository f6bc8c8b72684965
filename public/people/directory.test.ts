import { expect, test, vi } from 'vitest'
import type { User } from '../../server/contract/users.ts'
import { api } from '../api.ts'
import { Directory } from './directory.ts'

const people = Array.from({ length: 160 }, (_, i) => ({ id: i + 1, display_name: `Osoba ${i + 1}` }) as User)

vi.spyOn(api, 'users').mockImplementation(async (query, cursor, signal) => {
  await new Promise((resolve) => setTimeout(resolve, query === 'wolno' ? 20 : 1))
  signal.throwIfAborted()
  if (query === 'awaria') throw new Error('away')
  const found = query === 'wolno' ? people : people.filter((each) => each.display_name.includes(query))
  const start = Number(cursor ?? 0)
  const has_more = found.length > start + 20
  return { users: found.slice(start, start + 20), has_more, next_cursor: has_more ? `${start + 20}` : null }
})

test.each<[string, (user: User) => boolean, number, number]>([
  ['', () => false, 20, 160],
  ['Osoba 1', () => false, 20, 72],
  ['Osoba 160', () => false, 1, 1],
  ['nikt', () => false, 0, 0],
  ['', ({ id }) => id <= 40, 20, 120],
  ['', ({ id }) => id <= 155, 5, 5],
  ['', ({ id }) => id % 20 !== 0, 8, 8],
  ['', () => true, 0, 0],
  ['Osoba 1', ({ id }) => id > 100, 12, 12],
  ['Osoba 15', ({ id }) => id === 15, 10, 10],
])('a search for “%s” is read to its end, without excluded people', async (query, isExcluded, first, all) => {
  const directory = new Directory(isExcluded, () => {})
  await directory.find(query)
  expect(directory.found).toHaveLength(first)
  for (let i = 0; i < 10; i++) await directory.loadMore()
  expect(new Set(directory.found).size).toBe(all)
  expect(directory.state).toBe('answered')
})

test('a late response does not replace that of a newer search', async () => {
  const directory = new Directory(
    () => false,
    () => {},
  )
  void directory.find('wolno')
  await directory.find('Osoba 160')
  await new Promise((resolve) => setTimeout(resolve, 40))
  expect(directory.found.map(({ id }) => id)).toEqual([160])
})

test('a failure is reported, and typing on retries', async () => {
  const directory = new Directory(
    () => false,
    () => {},
  )
  await directory.find('awaria')
  expect(directory.state).toBe('failed')
  await directory.find('Osoba 12')
  expect([directory.state, directory.found.length]).toEqual(['answered', 11])
})
