import { afterAll, beforeAll, expect, test } from 'vitest'
import { closeDatabase, openDatabase, sql } from '../db/client.ts'
import { freshDatabase } from '../testing/postgres.ts'
import { findAccount } from './accounts.ts'

beforeAll(async () => {
  await openDatabase(await freshDatabase())
  await sql`
    insert into users (id, email, username) values (1, 'anna@example.org', 'anna'), (2, 'x@example.org', '3'),
      (3, 'celina@example.org', 'celina'), (4, 'y@example.org', '99'), (5, 'z@example.org', 'anna@example.org'),
      (6, 'ola@zażółć.pl', 'ola')`
}, 60_000)
afterAll(() => closeDatabase())

test.each([
  ['1', 1],
  ['anna', 1],
  ['@ANNA', 1],
  ['celina', 3],
  ['Celina@example.ORG', 3],
  ['@3', 2],
  ['x@example.org', 2],
  ['@99', 4],
  ['ola@xn--za-6ja4f8n1l.pl', 6],
  ['ola@zażółć.pl', 6],
])('%s is user %i', async (who, id) => {
  expect((await findAccount(who)).id).toBe(id)
})

test.each([
  ['3', 'may mean user 2 (x@example.org, @3) or user 3 (celina@example.org, @celina)'],
  ['anna@example.org', 'may mean user 1 (anna@example.org, @anna) or user 5'],
  ['99', 'there is no user 99'],
  ['03', 'there is no user 03'],
  ['7', 'there is no user 7'],
  ['%', 'there is no user %'],
  ['', 'there is no user'],
])('%j does not identify a user', async (who, why) => {
  await expect(findAccount(who)).rejects.toThrow(why)
})
