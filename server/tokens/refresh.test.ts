import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { startService } from '../testing/service.ts'
import type { Tokens } from './family.ts'

const { anna, bartek, celina, guest } = await startService()
const { sql } = await import('../db/client.ts')
const { tidy } = await import('../tidy.ts')

const refresh = async (refresh_token: string) => {
  const { status, headers, body } = await guest().request('POST', '/auth/refresh', {
    body: JSON.stringify({ refresh_token }),
    headers: { 'content-type': 'application/json' },
  })
  return { status, headers, body: body as unknown as Tokens }
}
const program = (bearer: string) => Object.assign(guest(), { bearer })
const standing = async ({ access_token }: Tokens) => (await program(access_token).get('/api/users/me')).status
const sidOf = ({ access_token }: Tokens): string =>
  JSON.parse(Buffer.from(access_token.split('.')[1]!, 'base64url').toString()).sid

test('a refresh token is exchanged for a new pair of the same session and the same scope', async () => {
  const first = await anna.token('read write')
  const { status, headers, body } = await refresh(first.refresh_token)
  expect([status, headers.get('cache-control'), headers.getSetCookie()]).toEqual([200, 'no-store', []])
  expect(body).toEqual({
    access_token: expect.stringMatching(/^[\w-]+\.[\w-]+\.[\w-]+$/),
    refresh_token: expect.stringMatching(/^[\w-]{43}$/),
    token_type: 'bearer',
    expires_in: 900,
  })
  expect(body.access_token).not.toBe(first.access_token)
  expect(body.refresh_token).not.toBe(first.refresh_token)
  expect(sidOf(body)).toBe(sidOf(first))
  const settings = await program(body.access_token).patch('/api/users/me/settings', { locale: 'pl' })
  expect(settings.status).toBe(403)
  // The earlier access token is good until it expires.
  expect([await standing(first), await standing(body)]).toEqual([200, 200])
})

test('tokens can be refreshed again and again', async () => {
  let pair = await anna.token()
  for (let i = 0; i < 5; i++) pair = (await refresh(pair.refresh_token)).body
  expect(await standing(pair)).toBe(200)
})

test('a refresh token that is used a second time ends its whole family, with its streams, and nothing else', async () => {
  const other = await anna.token()
  const first = await anna.token()
  const second = (await refresh(first.refresh_token)).body
  const stream = await program(second.access_token).listen()
  expect((await refresh(first.refresh_token)).status).toBe(401)
  await stream.ended
  expect([await standing(first), await standing(second)]).toEqual([401, 401])
  expect((await refresh(second.refresh_token)).status).toBe(401)
  expect(await sql`select from refresh_tokens where sid = ${sidOf(first)}`).toHaveLength(0)
  expect([await standing(other), (await anna.get('/api/users/me')).status]).toEqual([200, 200])
})

test('of twenty who use one refresh token at once at most one gets a pair, which is worth nothing', async () => {
  for (let round = 0; round < 5; round++) {
    const pair = await bartek.token()
    const answers = await Promise.all(Array.from({ length: 20 }, () => refresh(pair.refresh_token)))
    const won = answers.filter(({ status }) => status === 200)
    expect(won.length).toBeLessThanOrEqual(1)
    expect(answers.filter(({ status }) => status === 401)).toHaveLength(20 - won.length)
    expect(await standing(pair)).toBe(401)
    for (const { body } of won) {
      expect(await standing(body)).toBe(401)
      expect((await refresh(body.refresh_token)).status).toBe(401)
    }
  }
})

test('a family whose tokens old and new are used at once ends without a deadlock', async () => {
  for (let round = 0; round < 10; round++) {
    const first = await bartek.token()
    const second = (await refresh(first.refresh_token)).body
    const answers = await Promise.all([
      refresh(second.refresh_token),
      refresh(first.refresh_token),
      guest().post('/auth/logout', { refresh_token: first.refresh_token }),
      sql`delete from sessions where sid = ${sidOf(first)}`,
    ])
    expect(answers.slice(0, 3).every((answer) => 'status' in answer && answer.status < 500)).toBe(true)
    expect(await standing(second)).toBe(401)
  }
})

test.each(['', 'x', 'x'.repeat(43), 'ż', "' or true --"])('there is no refresh token %j', async (token) => {
  const { status, headers } = await refresh(token)
  expect([status, headers.get('www-authenticate')]).toEqual([401, 'Bearer'])
})

test('an access token refreshes nothing', async () => {
  const pair = await anna.token()
  expect((await refresh(pair.access_token)).status).toBe(401)
  expect(await standing(pair)).toBe(200)
})

const expire = (pair: Tokens) => sql`
  update refresh_tokens set expires_at = now() where sid = ${sidOf(pair)}`

test('an expired refresh token gets nothing, and ends nothing', async () => {
  const pair = await celina.token()
  await expire(pair)
  expect((await refresh(pair.refresh_token)).status).toBe(401)
  expect(await standing(pair)).toBe(200)
})

test('a used refresh token that has expired ends nothing any more', async () => {
  const first = await celina.token()
  await refresh(first.refresh_token)
  await expire(first)
  expect((await refresh(first.refresh_token)).status).toBe(401)
  expect(await standing(first)).toBe(200)
})

test('refreshing prolongs the session, and the new token lasts 30 days', async () => {
  const pair = await celina.token()
  await sql`update sessions set expire = now() + interval '1 day' where sid = ${sidOf(pair)}`
  await refresh(pair.refresh_token)
  const [row] = await sql<[{ session: number; token: number }]>`
    select extract(epoch from s.expire - now())::int / 3600 as session,
      extract(epoch from t.expires_at - now())::int / 3600 as token
    from sessions s join refresh_tokens t on t.sid = s.sid and t.used_at is null where s.sid = ${sidOf(pair)}`
  expect([Math.round(row.session / 24), Math.round(row.token / 24)]).toEqual([30, 30])
})

test('a request with an access token prolongs nothing', async () => {
  const pair = await celina.token()
  const sid = sidOf(pair)
  await sql`
    update sessions set expire = now() + interval '2 days',
      sess = jsonb_set(sess::jsonb, '{prolongedAt}', '0')::json where sid = ${sid}`
  const answer = await program(pair.access_token).get('/api/users/me')
  expect([answer.status, answer.headers.getSetCookie()]).toEqual([200, []])
  const [row] = await sql<[{ is_soon: boolean }]>`
    select expire < now() + interval '3 days' as is_soon from sessions where sid = ${sid}`
  expect(row.is_soon).toBe(true)
})

test('no refresh token is stored as it is', async () => {
  const pair = await celina.token()
  const rows = await sql<{ row: string }[]>`
    select t::text as row from refresh_tokens t union all select s::text from sessions s`
  expect(rows.some(({ row }) => row.includes(sidOf(pair)))).toBe(true)
  for (const secret of [pair.refresh_token, pair.access_token])
    expect(rows.filter(({ row }) => row.includes(secret))).toEqual([])
})

test('the housekeeping forgets what has expired, and keeps what is used but has not', async () => {
  const [old, young] = [await celina.token(), await celina.token()]
  await refresh(young.refresh_token)
  await expire(old)
  await sleep(5)
  await tidy()
  const left = await sql<{ sid: string }[]>`select sid from refresh_tokens`
  expect(left.filter(({ sid }) => sid === sidOf(old))).toHaveLength(0)
  expect(left.filter(({ sid }) => sid === sidOf(young))).toHaveLength(2)
})

const signOut = async (refresh_token: string) =>
  (await guest().post('/auth/logout', { refresh_token })).status

test('signing out ends the session of a refresh token, used or not, with its streams, and no other', async () => {
  for (const isUsed of [false, true]) {
    const other = await anna.token()
    const pair = await anna.token()
    const next = isUsed ? (await refresh(pair.refresh_token)).body : pair
    const stream = await program(next.access_token).listen()
    expect(await signOut(pair.refresh_token)).toBe(204)
    await stream.ended
    expect([await standing(next), await standing(other)]).toEqual([401, 200])
    expect((await refresh(next.refresh_token)).status).toBe(401)
  }
  expect((await anna.get('/api/users/me')).status).toBe(200)
})

test('to sign out twice, or with what is no token, does nothing', async () => {
  const { refresh_token } = await anna.token()
  for (const token of [refresh_token, refresh_token, 'nothing']) expect(await signOut(token)).toBe(204)
})

test('POST /api/auth/logout with an access token ends its session, and not that of the cookie', async () => {
  const phone = await guest().signIn('anna')
  const pair = await anna.token()
  const both = Object.assign(guest(), { cookie: phone.cookie, bearer: pair.access_token })
  const stream = await program(pair.access_token).listen()
  const answer = await both.post('/api/auth/logout')
  expect([answer.status, answer.headers.getSetCookie()]).toEqual([204, []])
  await stream.ended
  expect([await standing(pair), (await phone.get('/api/users/me')).status]).toEqual([401, 200])
  expect((await refresh(pair.refresh_token)).status).toBe(401)
})
