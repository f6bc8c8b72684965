import { expect, test } from 'vitest'
import { type Person, startService } from '../testing/service.ts'

const { anna, bartek, celina, dawid, guest } = await startService()
const { sql } = await import('../db/client.ts')
const { tidySessions } = await import('./postgres-store.ts')
const redis = process.env.REDIS_URL
  ? await (await import('../live/redis.ts')).openRedis(process.env.REDIS_URL, 'test')
  : undefined
const hour = 60 * 60 * 1000

const of = ({ id }: Person) => sql`sess ->> 'userId' = ${String(id)}`
const idOf = async (person: Person): Promise<string> =>
  (await sql<[{ sid: string }]>`select sid from sessions where ${of(person)}`)[0].sid
/** Lets everything be read from PostgreSQL again. */
const emptyRedis = async () => void (await redis?.flushall())
const standing = async (person: Person) => (await person.get('/api/users/me')).status

test('a session lasts 30 days, and is sent only to the browser', async () => {
  const phone = guest()
  const answer = await phone.post('/api/auth/login', {
    email: 'ewa@example.org',
    password: (await import('../demo/cast.ts')).password,
  })
  const cookie = answer.headers.getSetCookie().find((each) => each.startsWith('rozmowa='))!
  expect(cookie).toMatch(/; Path=\//)
  expect(cookie).toMatch(/; HttpOnly/)
  expect(cookie).toMatch(/; SameSite=Lax/)
  const expires = Date.parse(/Expires=([^;]+)/.exec(cookie)![1]!)
  expect(Math.abs(expires - Date.now() - 30 * 24 * hour)).toBeLessThan(hour)
  const [{ days }] = await sql<[{ days: number }]>`
    select extract(epoch from expire - now()) / 86400 as days from sessions
    where sess ->> 'userId' = ${String(answer.body.user.id)} order by expire desc limit 1`
  expect(Math.round(days)).toBe(30)
})

test.each([
  ['after a day it is prolonged, in the browser and where it is kept', 25, true],
  ['within a day it stays as it is', 23, false],
])('%s', async (_, hours, isProlonged) => {
  const [person, cookie] = [bartek, bartek.cookie]
  const at = Date.now() - hours * hour
  await sql`
    update sessions set expire = now() + interval '2 days',
      sess = jsonb_set(sess::jsonb, '{prolongedAt}', to_jsonb(${at}::bigint))::json
    where ${of(person)}`
  await emptyRedis()
  const answer = await person.get('/api/users/me')
  expect([answer.status, person.cookie]).toEqual([200, cookie])
  const set = answer.headers.getSetCookie().join()
  const [row] = await sql<[{ days: number; prolongedAt: number; expires: string }]>`
    select extract(epoch from expire - now()) / 86400 as days, (sess ->> 'prolongedAt')::bigint as "prolongedAt",
      sess -> 'cookie' ->> 'expires' as expires
    from sessions where ${of(person)}`
  if (isProlonged) {
    const expires = Date.parse(/Expires=([^;]+)/.exec(set)![1]!)
    expect(Math.abs(expires - Date.parse(row.expires))).toBeLessThan(2000)
    expect(set).toMatch(/HttpOnly/)
    expect(Math.round(row.days)).toBe(30)
    expect(row.prolongedAt).toBeGreaterThan(at)
  } else {
    expect([set, Math.round(row.days), row.prolongedAt]).toEqual(['', 2, at])
  }
  expect((await person.get('/api/users/me')).headers.getSetCookie()).toEqual([])
})

test('an expired session grants nothing and is deleted; the others stay', async () => {
  await sql`update sessions set expire = now() - interval '1 second' where ${of(celina)}`
  await emptyRedis()
  expect(await standing(celina)).toBe(401)
  await tidySessions()
  expect(await sql`select from sessions where ${of(celina)}`).toHaveLength(0)
  expect(await standing(anna)).toBe(200)
})

test('signing out removes the session wherever it is kept', async () => {
  const { cookie } = dawid
  await standing(dawid)
  const id = await idOf(dawid)
  expect((await dawid.post('/api/auth/logout')).status).toBe(204)
  expect(await sql`select from sessions where sid = ${id}`).toHaveLength(0)
  expect(await redis?.keys(`*${id}*`)).toEqual(redis && [])
  const thief = guest()
  thief.cookie = cookie
  expect(await standing(thief)).toBe(401)
})

test('a request without a known session is a guest’s, and gets none', async () => {
  const nobody = guest()
  for (const cookie of ['', 'rozmowa=s%3Anothing.signed', 'rozmowa=garbage', 'other=1']) {
    nobody.cookie = cookie
    const answer = await nobody.request('GET', '/api/users/me')
    expect([
      answer.status,
      answer.headers.getSetCookie().filter((each) => each.startsWith('rozmowa=')),
    ]).toEqual([401, []])
  }
})

if (redis)
  test('Redis knows no session, which a database restored or a user deactivated would have to end there', async () => {
    expect(await standing(anna)).toBe(200)
    expect(await redis.keys(`*${await idOf(anna)}*`)).toEqual([])
  })
