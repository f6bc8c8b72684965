import { expect, test } from 'vitest'
import { cast, password } from '../demo/cast.ts'
import { type Answer, startService } from '../testing/service.ts'

const { anna, bartek, celina, dawid, ewa, guest } = await startService({ RATE_LIMITS: 'on' })

function expectLimited(answer: Answer): void {
  expect([answer.status, answer.body.code]).toEqual([429, 'rate_limited'])
  expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0)
}

test('only the user who sends without a pause is asked to wait', async () => {
  const id = await anna.talkTo(bartek)
  const answers = await Promise.all(
    Array.from({ length: 70 }, (_, i) =>
      anna.post(`/api/conversations/${id}/messages`, { content: `nr ${i}` }),
    ),
  )
  expect(answers.filter(({ status }) => status === 201)).toHaveLength(60)
  expectLimited(answers.find(({ status }) => status !== 201)!)
  expect((await bartek.post(`/api/conversations/${id}/messages`, { content: 'ja mogę' })).status).toBe(201)
})

test('forwarding counts each message it sends', async () => {
  const ids = [await dawid.talkTo(bartek), await dawid.talkTo(celina), await dawid.talkTo(ewa)]
  const message = await dawid.say(ids[0]!, 'dalej')
  const forward = () => dawid.post(`/api/messages/${message.id}/forward`, { conversation_ids: ids })
  const answers: Answer[] = []
  for (let i = 0; i < 20; i++) answers.push(await forward())
  expect(answers.filter(({ status }) => status === 201)).toHaveLength(19)
  expectLimited(answers.at(-1)!)
})

/** A request by somebody from another address, as the proxy reports it. */
const from = (address: string, path: string, body: object) =>
  guest().request('POST', path, {
    body: JSON.stringify(body),
    headers: { 'content-type': 'application/json', 'x-forwarded-for': address },
  })
const signIn = (address: string, email: string, secret = 'zgaduję') =>
  from(address, '/api/auth/login', { email, password: secret })
/** Names of one account, and of none. */
const guessed: [string, string, string][] = [
  ['one account', 'celina@example.org', 'celİna@EXAMPLE.org'],
  ['nobody’s account', 'nikt@example.org', 'nİkt@EXAMPLE.org'],
]

test.each(guessed)(
  'guessing the password of %s from one address ends after ten tries',
  async (_, email, same) => {
    for (let i = 0; i < 10; i++) expect((await signIn('192.0.2.1', i % 2 ? email : same)).status).toBe(401)
    expectLimited(await signIn('192.0.2.1', email))
    expectLimited(await signIn('192.0.2.1', same))
    expectLimited(await signIn('192.0.2.1', email, password))
  },
)

test('a caller who changes addresses within one network is counted as one', async () => {
  for (let i = 0; i < 10; i++)
    expect((await signIn(`2001:db8::${i + 1}`, 'ktokolwiek@example.org')).status).toBe(401)
  expectLimited(await signIn('2001:db8::ffff', 'ktokolwiek@example.org'))
  expect((await signIn('2001:db8:0:1::1', 'ktokolwiek@example.org')).status).toBe(401)
})

test('guesses from a hundred networks lock the member out of new browsers, but not of known ones', async () => {
  const page = await dawid.get('/wiadomosci')
  const device = page.headers.getSetCookie()[0]!.split(';')[0]!
  expect(page.headers.getSetCookie()[0]).toMatch(/^rozmowa-device=.*HttpOnly; SameSite=Lax/)
  for (let i = 0; i < 100; i++) await signIn(`2001:db8:${i + 10}::1`, cast.dawid.email)
  expectLimited(await signIn('192.0.2.77', cast.dawid.email, password))
  const again = (cookie: string, secret = password) =>
    guest().request('POST', '/api/auth/login', {
      body: JSON.stringify({ email: 'DAWID@example.org', password: secret }),
      headers: { 'content-type': 'application/json', 'x-forwarded-for': '192.0.2.77', cookie },
    })
  expect((await again(device)).status).toBe(200)
  // It opens nothing, counts its own guesses, and cannot be made up.
  for (let i = 0; i < 10; i++) expect((await again(device, 'zgaduję')).status).toBe(401)
  expectLimited(await again(device))
  expectLimited(await again(device.replace(/.{4}$/, 'AAAA')))
})

test('a stranger’s guesses do not lock the member out', async () => {
  for (let i = 0; i < 15; i++) await signIn('192.0.2.2', cast.anna.email)
  expect((await signIn('192.0.2.3', cast.anna.email, password)).status).toBe(200)
})

test.each(guessed)(
  'guessing the password of %s from many addresses ends after a hundred tries',
  async (_, email) => {
    // Ten were counted above.
    for (let i = 0; i < 90; i++) expect((await signIn(`198.51.100.${i}`, email)).status).toBe(401)
    expectLimited(await signIn('198.51.100.100', email))
  },
)

test('the form and the endpoint share the limit on registrations', async () => {
  const taken = { email: cast.anna.email, username: 'ktos', password }
  const byForm = () =>
    guest().request('POST', '/rejestracja', {
      body: new URLSearchParams(taken).toString(),
      headers: { 'content-type': 'application/x-www-form-urlencoded', 'x-forwarded-for': '192.0.2.9' },
    })
  const byEndpoint = () => from('192.0.2.9', '/api/auth/register', taken)
  for (let i = 0; i < 10; i++) {
    expect((await byForm()).status).toBe(409)
    expect((await byEndpoint()).status).toBe(409)
  }
  const refused = await byForm()
  expect(refused.status).toBe(429)
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0)
  expectLimited(await byEndpoint())
})

test('a private network behind the proxy cannot forge its caller’s address', async () => {
  for (let i = 0; i < 10; i++) await signIn(`203.0.113.${i}, 10.0.0.9`, cast.ewa.email)
  expectLimited(await signIn('203.0.113.99, 10.0.0.9', cast.ewa.email))
})

test('a whole office that signs in from one address is not mistaken for a guesser', async () => {
  for (let i = 0; i < 105; i++)
    expect((await signIn('192.0.2.200', i % 2 ? cast.ewa.email : cast.anna.email, password)).status).toBe(200)
})

test('guessing at many accounts from one address is limited too', async () => {
  const answers: Answer[] = []
  for (let i = 0; i < 110; i++)
    answers.push(
      await guest().post('/api/auth/login', { email: `ktos${i}@example.org`, password: 'haslo1234' }),
    )
  expectLimited(answers.at(-1)!)
})

test.each([
  ['typing', (id: number) => celina.post(`/api/conversations/${id}/typing`), 30],
  ['searches', () => celina.get('/api/users?query=a'), 60],
  ['changes', (id: number) => celina.delete(`/api/conversations/${id}`), 60],
] as const)('%s are limited', async (_, ask, most) => {
  const id = await celina.talkTo(bartek)
  const answers = await Promise.all(Array.from({ length: most + 5 }, () => ask(id)))
  expect(answers.filter(({ status }) => status !== 429)).toHaveLength(most)
  expectLimited(answers.find(({ status }) => status === 429)!)
})

test('opening streams over and over is limited', async () => {
  for (let i = 0; i < 60; i++) (await celina.listen()).close()
  expectLimited(await celina.get('/api/messages/stream'))
})

test('creating groups and adding members over and over is limited', async () => {
  const group = await ewa.post('/api/conversations', { name: 'Zarząd', member_ids: [anna.id] })
  const { id } = group.body.conversation
  const answers = await Promise.all(
    Array.from({ length: 22 }, () => ewa.post(`/api/conversations/${id}/members`, { user_ids: [bartek.id] })),
  )
  expect(answers.filter(({ status }) => status !== 429)).toHaveLength(19)
  expectLimited(await ewa.delete(`/api/conversations/${id}/members/${anna.id}`))
  expectLimited(await ewa.post('/api/conversations', { user_id: anna.id }))
})

test('marking as read is not limited', async () => {
  const id = await bartek.talkTo(anna)
  const message = await bartek.say(id, 'przeczytaj')
  const answers = await Promise.all(
    Array.from({ length: 70 }, () => anna.post(`/api/conversations/${id}/read`, { message_id: message.id })),
  )
  expect(answers.filter(({ status }) => status === 429)).toEqual([])
})
