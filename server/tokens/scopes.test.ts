import { expect, test } from 'vitest'
import { type Person, startService } from '../testing/service.ts'

const { anna, bartek, guest } = await startService()
const { mounted } = await import('../web/endpoint.ts')
const conversation = await anna.talkTo(bartek)

const scopes = ['read', 'write', 'account'] as const
const programs = Object.fromEntries(
  await Promise.all(scopes.map(async (scope) => [scope, await anna.program(scope)] as const)),
) as Record<(typeof scopes)[number], Person>
const whole = await anna.program()

const protectedOnes = mounted.filter(({ open }) => !open)
const each = protectedOnes.map((endpoint) => {
  const method = endpoint.method.toUpperCase()
  const needed = endpoint.scope ?? (method === 'GET' ? 'read' : 'write')
  return [`${method} ${endpoint.path}`, needed, method, endpoint.path] as const
})
/** Of what is not there, so that nothing happens. */
const fill = (path: string) => path.replace(/:\w+/g, '999999')
/** Has no end, and ends the session. */
const elsewhere = new Set(['GET /api/messages/stream', 'POST /api/auth/logout'])

test.each(each)('%s needs the scope %s', async (name, needed, method, path) => {
  for (const scope of scopes.filter((other) => other !== needed)) {
    const answer = await programs[scope].request(method, fill(path))
    expect([scope, answer.status]).toEqual([scope, 403])
    expect(JSON.stringify(answer.body)).toContain(`lacks the scope “${needed}”`)
  }
  if (elsewhere.has(name)) return
  for (const program of [programs[needed], whole]) {
    const answer = await program.request(method, fill(path))
    expect(JSON.stringify(answer.body)).not.toContain('scope')
    expect(answer.status).not.toBe(401)
    expect(answer.headers.getSetCookie()).toEqual([])
  }
})

test.each(each)('%s with an invalid token is 401, whatever the cookie says', async (_, __, method, path) => {
  const person = Object.assign(guest(), { cookie: anna.cookie, bearer: 'invalid' })
  const answer = await person.request(method, fill(path))
  expect([answer.status, answer.headers.get('www-authenticate')]).toEqual([401, 'Bearer'])
  expect(answer.headers.getSetCookie()).toEqual([])
})

test('settings belong to the account', () => {
  expect(mounted.filter(({ scope }) => scope === 'account').map(({ path }) => path)).toContain(
    '/api/users/me/settings',
  )
})

test('a cookie has all scopes', async () => {
  expect((await anna.get('/api/users/me')).status).toBe(200)
  expect((await anna.patch('/api/users/me/settings', { show_last_seen: true })).status).toBe(200)
  expect((await anna.post(`/api/conversations/${conversation}/read`)).status).toBe(204)
})

test('whoever may read hears, and whoever may write is heard', async () => {
  const reader = await bartek.program('read')
  const stream = await reader.listen()
  expect(stream.headers.getSetCookie()).toEqual([])
  const message = await programs.write.say(conversation, 'od programu')
  expect(message.sender_id).toBe(anna.id)
  await stream.hear('new_message', ({ message: { id } }) => id === message.id)
  stream.close()
  await expect(programs.write.listen()).rejects.toThrow('403')
})

const login = async (scope: unknown) => {
  const { email } = (await anna.get('/api/users/me')).body.user
  const { password } = await import('../demo/cast.ts')
  const { status, body } = await guest().post('/auth/login' as string, { email, password, scope })
  const claims = body.access_token && Buffer.from(body.access_token.split('.')[1], 'base64url').toString()
  return [status, claims ? JSON.parse(claims).scope : undefined]
}

test.each([
  [undefined, 200, 'read write account'],
  ['', 200, 'read write account'],
  [' ', 200, 'read write account'],
  ['read', 200, 'read'],
  ['write read', 200, 'write read'],
  ['read read', 200, 'read'],
  ['admin', 400, undefined],
  ['read admin', 400, undefined],
  ['READ', 400, undefined],
  [['read'], 400, undefined],
  [null, 400, undefined],
])('asked for the scope %j, the answer is %i and a token for %j', async (scope, status, granted) => {
  expect(await login(scope)).toEqual([status, granted])
})

const form = { email: 'anna@example.org', password: 'wiadomosci' }

test.each<[what: string, ask: (who: Person) => ReturnType<Person['get']>]>([
  ['signing in', (who) => who.post('/api/auth/login' as string, form)],
  ['registering', (who) => who.post('/api/auth/register' as string, { ...form, username: 'nowa' })],
])('%s with a valid token is refused: it would set a cookie', async (_, ask) => {
  const answer = await ask(whole)
  expect([answer.status, answer.body.code, answer.headers.getSetCookie()]).toEqual([403, 'forbidden', []])
  const refused = await ask(Object.assign(guest(), { bearer: 'invalid' }))
  expect([refused.status, refused.headers.getSetCookie()]).toEqual([401, []])
})

test.each(['/wiadomosci', `/wiadomosci/${conversation}`, `/wiadomosci/${conversation}/druk`])(
  'the page %s is not opened by a token, and sets no cookie',
  async (path) => {
    const answer = await whole.get(path)
    expect([answer.status, answer.headers.getSetCookie()]).toEqual([302, []])
    expect(answer.headers.get('location')).toMatch(/^\/logowanie/)
  },
)

test('a page’s form with a token signs nobody in or out', async () => {
  const both = Object.assign(guest(), { cookie: anna.cookie, bearer: whole.bearer })
  const headers = { 'content-type': 'application/x-www-form-urlencoded' }
  const signedIn = await both.request('POST', '/logowanie', {
    body: new URLSearchParams(form).toString(),
    headers,
  })
  expect([signedIn.status, signedIn.headers.getSetCookie()]).toEqual([403, []])
  await both.request('POST', '/wylogowanie', { headers })
  expect((await anna.get('/api/users/me')).status).toBe(200)
  expect((await whole.get('/api/users/me')).status).toBe(200)
})
