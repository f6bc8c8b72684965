import { expect, test } from 'vitest'
import { admin } from '../testing/admin.ts'
import { freshDatabase } from '../testing/postgres.ts'

const DATABASE_URL = await freshDatabase()

test.each([
  ['', 2, ''],
  ['frobnicate', 2, 'there is no command frobnicate'],
  ['constructor', 2, 'there is no command constructor'],
  ['user:create', 2, '--email is missing'],
  ['user:create --email none', 2, '--email: '],
  ['user:create --email a@b.pl --username a/b', 2, '--username: must be letters'],
  ['user:create --email a@b.pl --locale de', 2, '--locale must be pl or en'],
  ['user:create --email a@b.pl', 2, 'a password must have 8 to 200 characters'],
  ['user:describe --user a@b.pl', 2, '--company, --role or --phone is missing'],
  ['user:describe --role Prezes', 2, '--user is missing'],
  [`user:describe --user a@b.pl --phone ${'1'.repeat(51)}`, 2, '--phone must be one line of at most 50'],
  ['user:create --email a@b.pl --password tajne-haslo', 2, "Unknown option '--password'"],
  ['user:password --user nobody', 1, 'there is no user nobody'],
  ['user:deactivate', 2, '--user is missing'],
  ['conversation:restore --id x', 2, '--id must be a number'],
  ['conversation:restore --id 12', 1, 'there is no deleted conversation 12'],
  ['why --message 12', 2, '--user is missing'],
  ['why --message twelve --user anna', 2, '--message must be a number'],
  ['jobs --retry some', 2, '--retry must be the id of a job, or all'],
  ['jobs extra', 2, "Unexpected argument 'extra'"],
])('“%s” ends with %i and one line', async (command, code, error) => {
  const ended = await admin(command, { environment: { DATABASE_URL } })
  expect(ended.code).toBe(code)
  if (error) expect(ended.error).toMatch(/^admin: [^\n]*\n$/)
  expect(ended.error).toContain(error)
})

test('every command has a help', async () => {
  const { code, out } = await admin('--help', {})
  expect(code).toBe(0)
  const names = [...out.matchAll(/^ {2}([a-z:]+) /gm)].map(([, name]) => name)
  expect(names).toEqual(expect.arrayContaining(['user:create', 'jobs', 'why', 'doctor']))
  for (const name of names)
    expect(await admin(`${name} --help`, {})).toMatchObject({
      code: 0,
      out: expect.stringContaining(`-- ${name}`),
    })
})
