import { expect, test } from 'vitest'
import type { Member } from '../../server/contract/conversations.ts'
import { matching } from './matching.ts'

const members = [
  ['anna', 'Anna Kowalska'],
  ['dawid', 'Dawid Żółkiewski'],
  ['zosia', 'Zofia Nowak-Łęcka'],
  ['lena', 'Łena Annasz'],
  ['kowal', 'Jan Młot'],
  ['salma', 'سلمى أحمد'],
].map(([username, display_name], index) => ({ user_id: index + 1, username, display_name }) as Member)

test.each([
  ['', ['anna', 'dawid', 'kowal', 'lena', 'zosia', 'salma']],
  ['an', ['anna', 'lena']],
  ['ANNA', ['anna', 'lena']],
  ['anna k', ['anna']],
  ['anna ', ['anna', 'lena']],
  ['zol', ['dawid']],
  ['Żół', ['dawid']],
  ['lec', ['zosia']],
  ['nowak-l', ['zosia']],
  ['len', ['lena']],
  ['kowal', ['anna', 'kowal']],
  ['zosia', ['zosia']],
  ['سل', ['salma']],
  ['nna', []],
  ['nikt', []],
])('what is typed as "@%s" may mean %j', (typed, found) => {
  expect(matching(members, typed).map(({ username }) => username)).toEqual(found)
})
