import { pbkdf2Sync } from 'node:crypto'
import { setTimeout } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { cast, password } from '../demo/cast.ts'
import { startService } from '../testing/service.ts'

const { guest, anna } = await startService()
const { sql } = await import('../db/client.ts')

test('a request during sign-out does not keep the session alive', async () => {
  for (let round = 0; round < 10; round++) {
    const phone = await guest().signIn('anna')
    const { cookie } = phone
    let polling = true
    const polls = Array.from({ length: 6 }, async () => {
      const thief = guest()
      while (polling) {
        thief.cookie = cookie
        await thief.get('/api/users/me')
      }
    })
    expect((await phone.post('/api/auth/logout')).status).toBe(204)
    polling = false
    await Promise.all(polls)
    const after = guest()
    after.cookie = cookie
    expect((await after.get('/api/users/me')).status, `round ${round}`).toBe(401)
  }
})

test('a session is prolonged once a day, in the browser too', async () => {
  const bartek = await guest().signIn('bartek')
  const quiet = await bartek.get('/api/users/me')
  expect(quiet.headers.get('set-cookie')).toBeNull()
  const old = Date.now() - 25 * 60 * 60 * 1000
  await sql`update sessions set sess = jsonb_set(sess::jsonb, '{prolongedAt}', to_jsonb(${old}::bigint))::json`
  if (process.env.REDIS_URL) {
    const { Redis } = await import('ioredis')
    const redis = new Redis(process.env.REDIS_URL)
    await redis.flushall()
    redis.disconnect()
  }
  const { cookie } = bartek
  const next = await bartek.get('/api/users/me')
  expect(next.status).toBe(200)
  expect(next.headers.get('set-cookie')).toMatch(/Expires=.*HttpOnly.*SameSite=Lax/i)
  expect(bartek.cookie).toBe(cookie)
  expect((await bartek.get('/api/users/me')).headers.get('set-cookie')).toBeNull()
})

test('a stream opened during sign-out does not stay open', async () => {
  for (let round = 0; round < 10; round++) {
    const phone = await guest().signIn('celina')
    const opening = Promise.allSettled(Array.from({ length: 3 }, () => phone.listen()))
    await phone.post('/api/auth/logout')
    for (const opened of await opening) if (opened.status === 'fulfilled') await opened.value.ended
  }
})

test('signing in as another user ends the previous user’s streams', async () => {
  const browser = await guest().signIn('dawid')
  const stream = await browser.listen()
  await browser.post('/api/auth/login', { email: cast.ewa.email, password })
  await stream.ended
})

const own = (id: number) => sql`sess ->> 'userId' = ${String(id)}`

test.each<[how: string, end: (id: number) => Promise<unknown>]>([
  ['deactivated', (id) => sql`update users set is_active = false where id = ${id}`],
  ['given another password', (id) => sql`update users set password_hash = '$2b$12$other' where id = ${id}`],
  ['left without a password', (id) => sql`update users set password_hash = null where id = ${id}`],
  ['gone', (id) => sql`delete from users where id = ${id}`],
  ['signed out by an emptied table', (id) => sql`delete from sessions where ${own(id)}`],
  ['too long away', (id) => sql`update sessions set expire = now() - interval '1 second' where ${own(id)}`],
  [
    'about to be prolonged, and too long away',
    (id) => sql`
      update sessions set expire = now() - interval '1 second',
        sess = (sess::jsonb || '{"prolongedAt": 0}')::json where ${own(id)}`,
  ],
])('a user who is %s, even by the portal itself, receives nothing more', async (_how, end) => {
  const phone = guest()
  const username = `nowa${Math.random().toString(36).slice(2)}`
  const body = { email: `${username}@example.org`, username, password: 'tajne-haslo' }
  phone.id = (await phone.post('/api/auth/register', body)).body.user.id
  const [stream, other] = [await phone.listen(), await anna.listen()]
  await end(phone.id)
  await stream.ended
  expect((await phone.get('/api/users/me')).status).toBe(401)
  await expect(phone.listen()).rejects.toThrow()
  // Nobody else is.
  expect((await anna.get('/api/users/me')).status).toBe(200)
  await anna.talkTo(anna)
  other.close()
})

test('a user who is renamed, or has an older session, stays connected', async () => {
  const phone = await guest().signIn('ewa')
  const stream = await phone.listen()
  let isOver = false
  void stream.ended.then(() => {
    isOver = true
  })
  await sql`update sessions set sess = (sess::jsonb - 'passwordMark')::json where ${own(phone.id)}`
  await sql`update users set name = 'Ewa Nowa', last_seen_at = now() where id = ${phone.id}`
  await setTimeout(2500)
  expect(isOver).toBe(false)
  expect((await phone.get('/api/users/me')).status).toBe(200)
  stream.close()
})

test('two devices that sign in at once with a password hash of the portal both stay signed in', async () => {
  const hash = pbkdf2Sync(password, 'sol', 1000, 32, 'sha256').toString('hex')
  const { email } = cast.ewa
  await sql`update users set password_hash = ${`pbkdf2:sha256:1000$sol$${hash}`} where email = ${email}`
  const devices = await Promise.all(Array.from({ length: 4 }, () => guest().signIn('ewa')))
  for (const device of devices) expect((await device.get('/api/users/me')).status).toBe(200)
})
