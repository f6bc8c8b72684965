import { expect, test } from 'vitest'
import { cast, password } from '../demo/cast.ts'
import { startService } from '../testing/service.ts'

const { guest } = await startService()
const { sql } = await import('../db/client.ts')

test('nobody keeps a session by asking while it is signed out', async () => {
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

test('a stream that is opened while its session is signed out does not stay', async () => {
  for (let round = 0; round < 10; round++) {
    const phone = await guest().signIn('celina')
    const opening = Promise.allSettled(Array.from({ length: 3 }, () => phone.listen()))
    await phone.post('/api/auth/logout')
    for (const opened of await opening) if (opened.status === 'fulfilled') await opened.value.ended
  }
})

test('signing in as somebody else ends the streams of who was here before', async () => {
  const browser = await guest().signIn('dawid')
  const stream = await browser.listen()
  await browser.post('/api/auth/login', { email: cast.ewa.email, password })
  await stream.ended
})

test('whoever is deactivated, also by the portal itself, hears nothing more', async () => {
  const phone = await guest().signIn('ewa')
  const stream = await phone.listen()
  await sql`update users set is_active = false where id = ${phone.id}`
  await stream.ended
  expect((await phone.get('/api/users/me')).status).toBe(401)
})
