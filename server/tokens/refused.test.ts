import { createHmac, type KeyObject, randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import { cast, password } from '../demo/cast.ts'
import { type Person, startService } from '../testing/service.ts'

const { anna, bartek, celina, dawid, ewa, guest, address } = await startService()
const { config } = await import('../config.ts')
const { sql } = await import('../db/client.ts')
const { currentKey } = await import('./keys.ts')

/** The session of a token, and what else it says. */
const claimsOf = (token: string) => JSON.parse(Buffer.from(token.split('.')[1]!, 'base64url').toString())
const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')

interface Made {
  header?: object
  claims?: object
  key?: KeyObject | Buffer
  hash?: string
}

/** A token like one of Anna's, but for what is given; made by hand, since no library would make most of them. */
async function made({ header, claims, key = currentKey().key, hash = 'sha256' }: Made): Promise<string> {
  const hers = claimsOf((await anna.token()).access_token)
  const head = part({ alg: 'HS256', typ: 'at+jwt', kid: currentKey().kid, ...header })
  const signed = `${head}.${part({ ...hers, ...claims })}`
  return `${signed}.${createHmac(hash, key).update(signed).digest('base64url')}`
}

const withoutSignature = (token: string) => token.replace(/[^.]*$/, '')
const kid = (periodsAgo: number) => String(Number(currentKey().kid) - periodsAgo)

const program = (bearer: string): Person => Object.assign(guest(), { bearer })
const seconds = () => Math.floor(Date.now() / 1000)
const own = ({ id }: Person) => sql`sess ->> 'userId' = ${String(id)}`

test('a token made here as the service makes it is accepted', async () => {
  expect((await program(await made({})).get('/api/users/me')).body.user.id).toBe(anna.id)
})

const refused: [what: string, token: () => Promise<string> | string][] = [
  ['nothing', () => ''],
  ['garbage', () => 'garbage'],
  ['three parts of garbage', () => 'a.b.c'],
  ['the value of a cookie', () => anna.cookie.split('=')[1]!],
  ['a refresh token', async () => (await anna.token()).refresh_token],
  [
    'a token with another signature',
    async () => (await anna.token()).access_token.replace(/.{8}$/, 'AAAAAAAA'),
  ],
  ['a token without its signature', async () => withoutSignature((await anna.token()).access_token)],
  [
    'a token with somebody else’s id written into it',
    async () => {
      const { access_token } = await anna.token()
      const [header, , signature] = access_token.split('.')
      return [header, part({ ...claimsOf(access_token), sub: String(bartek.id) }), signature].join('.')
    },
  ],
  ['a token of no algorithm', async () => withoutSignature(await made({ header: { alg: 'none' } }))],
  ['a token of no algorithm, signed', () => made({ header: { alg: 'none' } })],
  ['a token of the algorithm HS512', () => made({ header: { alg: 'HS512' }, hash: 'sha512' })],
  ['a token of the algorithm RS256', () => made({ header: { alg: 'RS256' } })],
  ['a token of another key', () => made({ key: randomBytes(32) })],
  ['a token signed with the secret itself', () => made({ key: Buffer.from(config.sessionSecret!) })],
  ['a token signed with nothing', () => made({ key: Buffer.alloc(0) })],
  ['a token without a kid', () => made({ header: { kid: undefined } })],
  ['a token with the kid of an older key', () => made({ header: { kid: kid(2) } })],
  ['a token with the kid of the key before', () => made({ header: { kid: kid(1) } })],
  ['a token with a kid that is a path', () => made({ header: { kid: '../../dev/null' } })],
  ['a JWT of another type', () => made({ header: { typ: 'JWT' } })],
  ['a token that asks for an extension', () => made({ header: { crit: ['more'], more: 1 } })],
  ['an expired token', () => made({ claims: { iat: seconds() - 1000, exp: seconds() - 1 } })],
  ['a token that never expires', () => made({ claims: { exp: undefined } })],
  ['a token that is not good yet', () => made({ claims: { nbf: seconds() + 600 } })],
  ['a token of another service', () => made({ claims: { iss: 'https://elsewhere.example' } })],
  ['a token for another service', () => made({ claims: { aud: 'https://elsewhere.example' } })],
  ['a token of nobody', () => made({ claims: { sub: undefined } })],
  ['a token of no user’s id', () => made({ claims: { sub: 'anna' } })],
  ['a token without a session', () => made({ claims: { sid: undefined } })],
  ['a token of no session', () => made({ claims: { sid: 'nothing' } })],
  ['a token without a scope', () => made({ claims: { scope: undefined } })],
  ['a token of somebody else’s session', () => made({ claims: { sub: String(bartek.id) } })],
]

test.each(refused)('%s is refused, whatever the cookie says, and gets no cookie', async (_, token) => {
  const person = Object.assign(guest(), { cookie: anna.cookie })
  const headers = { authorization: `Bearer ${await token()}` }
  for (const path of ['/api/users/me', '/users/me'] as const) {
    const answer = await person.request('GET', path, { headers })
    expect([path, answer.status, answer.headers.get('www-authenticate')]).toEqual([path, 401, 'Bearer'])
    expect(answer.headers.getSetCookie()).toEqual([])
  }
})

const ended: [what: string, who: Person, end: (who: Person, sid: string) => Promise<unknown>][] = [
  ['signed out', anna, (_, sid) => sql`delete from sessions where sid = ${sid}`],
  ['too long away', anna, (_, sid) => sql`update sessions set expire = now() where sid = ${sid}`],
  ['signed out everywhere', bartek, (who) => sql`delete from sessions where ${own(who)}`],
  ['deactivated', celina, ({ id }) => sql`update users set is_active = false where id = ${id}`],
  [
    'given another password',
    dawid,
    ({ id }) => sql`update users set password_hash = '$2b$12$x' where id = ${id}`,
  ],
  ['gone', ewa, ({ id }) => sql`delete from users where id = ${id}`],
]

test.each(ended)('the tokens of somebody who is %s are worth nothing at once', async (_, who, end) => {
  const { access_token, refresh_token } = await who.token()
  const theirs = program(access_token)
  const stream = await theirs.listen()
  expect((await theirs.get('/api/users/me')).status).toBe(200)
  await end(who, claimsOf(access_token).sid)
  expect((await theirs.get('/api/users/me')).status).toBe(401)
  expect((await guest().post('/auth/refresh', { refresh_token })).status).toBe(401)
  await stream.ended
  await expect(theirs.listen()).rejects.toThrow('401')
})

test('to know a session’s id is worth nothing', async () => {
  const { sid } = claimsOf((await anna.token()).access_token)
  for (const cookie of [`rozmowa=${sid}`, `rozmowa=s%3A${sid}`, `rozmowa=s%3A${sid}.${sid}`]) {
    const thief = Object.assign(guest(), { cookie })
    expect((await thief.get('/api/users/me')).status).toBe(401)
  }
})

test.each(['Basic YW5uYTp4', 'Negotiate abc', 'bearertoken', ''])(
  'an Authorization header %j, perhaps a proxy’s, leaves the cookie as it is',
  async (authorization) => {
    const answer = await anna.request('GET', '/api/users/me', { headers: { authorization } })
    expect(answer.status).toBe(200)
  },
)

test.each(['Bearer', 'bearer', 'BEARER', 'Bearer  '])('%j begins a token, whose it is', async (scheme) => {
  const { access_token } = await anna.token()
  const authorization = `${scheme} ${access_token}`
  const answer = await guest().request('GET', '/api/users/me', { headers: { authorization } })
  expect(answer.status).toBe(200)
})

test('a bearer token wins over the cookie of somebody else', async () => {
  const both = Object.assign(await guest().signIn('bartek'), { bearer: (await anna.token()).access_token })
  expect((await both.get('/api/users/me')).body.user.email).toBe(cast.anna.email)
})

test('an expired token does not keep a program from signing in again', async () => {
  const headers = { 'content-type': 'application/json', authorization: 'Bearer expired' }
  const body = JSON.stringify({ email: cast.anna.email, password })
  const answer = await fetch(`${address}/auth/login`, { method: 'POST', headers, body })
  expect(answer.status).toBe(200)
})
