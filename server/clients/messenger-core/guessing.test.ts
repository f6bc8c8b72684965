import { expect, test } from 'vitest'
import { cast, password } from '../../demo/cast.ts'
import { startService } from '../../testing/service.ts'

const { guest } = await startService({ RATE_LIMITS: 'on', REGISTRATION: 'closed' })

const from = (address: string, path: string, body: object) =>
  guest().request('POST', path, {
    body: JSON.stringify(body),
    headers: { 'content-type': 'application/json', 'x-forwarded-for': address },
  })

/** Where, and under which name, somebody guesses. */
type Way = [path: string, name: object]

test.each<[whose: string, ways: Way[]]>([
  [
    'one account',
    [
      ['/auth/login', { username: 'anna' }],
      ['/auth/login', { username: 'ANNA' }],
      ['/auth/login', { email: cast.anna.email }],
      ['/auth/login', { username: cast.anna.email }],
      ['/api/auth/login', { email: cast.anna.email }],
    ],
  ],
  [
    'nobody’s account',
    [
      ['/auth/login', { email: 'nikt@example.org' }],
      ['/auth/login', { username: 'nikt@example.org' }],
      ['/api/auth/login', { email: 'NIKT@example.org' }],
    ],
  ],
])('guesses at %s count together, whatever it is called and wherever', async (_, ways) => {
  const guess = (i: number, secret = 'zgaduję') => {
    const [path, name] = ways[i % ways.length]!
    return from('192.0.2.1', path, { ...name, password: secret })
  }
  for (let i = 0; i < 10; i++) expect((await guess(i)).status).toBe(401)
  for (const [i] of ways.entries()) {
    const answer = await guess(i, password)
    expect([ways[i], answer.status]).toEqual([ways[i], 429])
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0)
  }
})

test('a right password is no guess', async () => {
  for (let i = 0; i < 12; i++)
    expect((await from('192.0.2.2', '/auth/login', { username: 'bartek', password })).status).toBe(200)
})

test('registration is closed here, too', async () => {
  const body = { username: 'nowa', email: 'nowa@example.org', password: 'tajne-haslo' }
  const answer = await from('192.0.2.3', '/auth/register', body)
  expect([answer.status, answer.body]).toEqual([403, { detail: expect.stringContaining('closed') }])
})

test('guessing at refresh tokens is limited', async () => {
  const answers = await Promise.all(
    Array.from({ length: 310 }, (_, i) => from('192.0.2.4', '/auth/refresh', { refresh_token: `${i}` })),
  )
  expect(answers.filter(({ status }) => status === 401)).toHaveLength(300)
  expect(answers.filter(({ status }) => status === 429)).toHaveLength(10)
})
