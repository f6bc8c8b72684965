import { expect, test } from 'vitest'
import { cast, password } from '../demo/cast.ts'
import { startService } from '../testing/service.ts'

const { anna, bartek, ewa, guest, address } = await startService()
const { sql } = await import('../db/client.ts')
const newcomer = {
  email: 'Zofia@Example.org',
  username: 'zofia.ś',
  password: 'tajne-haslo',
  display_name: 'Zofia Ś',
}

test('a new user registers, signs out and signs in again, ignoring case', async () => {
  const zofia = guest()
  const registered = await zofia.post('/api/auth/register', newcomer)
  expect(registered.status).toBe(201)
  expect(registered.body.user).toMatchObject({ username: 'zofia.ś', display_name: 'Zofia Ś', locale: 'pl' })
  expect(registered.body.user).not.toHaveProperty('password_hash')
  expect((await zofia.post('/api/auth/logout')).status).toBe(204)
  expect((await zofia.get('/api/users/me')).status).toBe(401)
  const signedIn = await zofia.post('/api/auth/login', {
    email: 'zofia@example.ORG',
    password: newcomer.password,
  })
  expect(signedIn.status).toBe(200)
  expect((await zofia.get('/api/users/me')).body.user.email).toBe('Zofia@Example.org')
})

test.each([
  ['e-mail', { ...newcomer, email: 'ANNA@example.org', username: 'ktos' }],
  ['username', { ...newcomer, email: 'ktos@example.org', username: 'ANNA' }],
])('a taken %s is a conflict, whatever its case', async (_, taken) => {
  const answer = await guest().post('/api/auth/register', taken)
  expect([answer.status, answer.body.code]).toEqual([409, 'conflict'])
})

test('an e-mail with an internationalised domain is the same, however it is written', async () => {
  const registered = await guest().post('/api/auth/register', {
    email: 'Ola@ZAŻÓŁĆ.pl',
    username: 'ola.ż',
    password: 'tajne-haslo',
  })
  expect(registered.body.user.email).toBe('Ola@xn--za-6ja4f8n1l.pl')
  const signIn = (email: string) => guest().post('/api/auth/login', { email, password: 'tajne-haslo' })
  for (const email of ['ola@zażółć.pl', 'OLA@XN--ZA-6JA4F8N1L.PL', ' ola@zaz\u0307ółć.pl\u200b'])
    expect((await signIn(email)).status, email).toBe(200)
  // As a portal may have stored it.
  await sql`update users set email = 'ola@zażółć.pl' where id = ${registered.body.user.id}`
  for (const email of ['ola@zażółć.pl', 'ola@xn--za-6ja4f8n1l.pl'])
    expect((await signIn(email)).status, email).toBe(200)
})

test('a session gets a new id at sign-in, and the old one is worthless', async () => {
  const visitor = guest()
  await visitor.post('/api/auth/login', { email: cast.anna.email, password })
  const before = visitor.cookie
  await visitor.post('/api/auth/login', { email: cast.bartek.email, password })
  expect(visitor.cookie).not.toBe(before)
  visitor.cookie = before
  expect((await visitor.get('/api/users/me')).status).toBe(401)
})

test('the session cookie is inaccessible to scripts and other sites', async () => {
  const answer = await guest().post('/api/auth/login', { email: cast.anna.email, password })
  expect(answer.headers.get('set-cookie')).toMatch(/HttpOnly/i)
  expect(answer.headers.get('set-cookie')).toMatch(/SameSite=Lax/i)
})

test('an unknown e-mail and a wrong password get the same answer', async () => {
  const wrong = await guest().post('/api/auth/login', { email: cast.anna.email, password: 'nie to haslo' })
  const unknown = await guest().post('/api/auth/login', {
    email: 'nikt@example.org',
    password: 'nie to haslo',
  })
  expect(wrong.status).toBe(401)
  expect([unknown.status, unknown.body]).toEqual([wrong.status, wrong.body])
  expect(unknown.headers.get('set-cookie')).toBe(wrong.headers.get('set-cookie'))
})

test('an unknown e-mail takes as long as a wrong password', async () => {
  // Not one of the demo members, whose hashes cost nothing.
  const member = { ...newcomer, email: 'maj@example.org', username: 'maj' }
  expect((await guest().post('/api/auth/register', member)).status).toBe(201)
  const time = async (email: string) => {
    const start = performance.now()
    await guest().post('/api/auth/login', { email, password: 'nie to haslo' })
    return performance.now() - start
  }
  const known: number[] = []
  const unknown: number[] = []
  for (let i = 0; i < 15; i++) {
    known.push(await time(member.email))
    unknown.push(await time('nikt@example.org'))
  }
  const median = (times: number[]) => times.toSorted((a, b) => a - b)[7]!
  // Without the decoy the ratio is about 0.1.
  expect(median(unknown) / median(known)).toBeGreaterThan(0.6)
  expect(median(unknown) / median(known)).toBeLessThan(1.6)
})

test('members are found by a part of their name, ignoring case and diacritics, and shown without their e-mail', async () => {
  const answer = await anna.get(`/api/users?query=${encodeURIComponent('ZOLK')}`)
  expect(answer.body.users.map((user) => user.username)).toEqual(['dawid'])
  expect(answer.body.users[0]).not.toHaveProperty('email')
  expect((await anna.get('/api/users?query=%25')).body.users).toEqual([])
  expect((await guest().get('/api/users?query=anna')).status).toBe(401)
})

test('a member’s public profile is found by id', async () => {
  const asked = await anna.get(`/api/users/${bartek.id}`)
  expect(asked.body.user).toMatchObject({
    id: bartek.id,
    username: 'bartek',
    display_name: 'Bartek Zieliński',
  })
  expect(asked.body.user).not.toHaveProperty('email')
  expect((await anna.get('/api/users/me')).body.user.email).toBe(cast.anna.email)
  expect((await anna.get(`/api/users/presence?ids=${bartek.id}`)).body).toHaveProperty('presences')
  const account = { email: 'krotko@example.org', username: 'krotko', password: 'wiadomosci' }
  const { user } = (await guest().post('/api/auth/register', account)).body
  await sql`update users set is_active = false where id = ${user.id}`
  expect((await anna.get('/api/users?query=krotko')).body.users).toEqual([])
  const missing = [user.id, 999_999, 'abc', '0'].map((id) => anna.get(`/api/users/${id}`))
  expect((await Promise.all(missing)).map(({ status }) => status)).toEqual([404, 404, 400, 400])
  expect((await guest().get(`/api/users/${bartek.id}`)).status).toBe(401)
})

test('a profile has role and phone as the portal gives them, of whatever type, and blank ones are none', async () => {
  const profile = async () => {
    const { role, phone, is_blocked } = (await anna.get(`/api/users/${ewa.id}`)).body.user
    return [role, phone, is_blocked]
  }
  expect(await profile()).toEqual([null, null, false])
  await sql`update users set role = ' Skarbniczka ', phone = ' ' where id = ${ewa.id}`
  expect(await profile()).toEqual(['Skarbniczka', null, false])
  await sql`update users set role = null`
  await sql`alter table users alter role type int using null, alter phone type bigint using 600100200`
  expect(await profile()).toEqual([null, '600100200', false])
  await sql`alter table users alter role type varchar(255), alter phone type varchar(50)`
})

test('the directory is in the order of the Polish alphabet, page after page', async () => {
  const names = [
    'Aąż',
    'Ącki',
    'Anna',
    'Ćma',
    'Czech',
    'Éva',
    'Ewa Ż',
    'Ewa Ź',
    'Łoś',
    'Luty',
    'Lato',
    'Życie',
    'Źdźbło',
    'Zoo',
    'Śnieg',
    'Sz',
  ]
  const email = (name: string) => `${Buffer.from(name).toString('hex')}@order.example.org`
  for (const name of names)
    await sql`insert into users (email, name, company) values (${email(name)}, ${name}, 'Porządek')`
  const found: string[] = []
  for (let cursor: string | null = ''; cursor !== null; ) {
    const more: string = cursor && `&cursor=${cursor}`
    const { body } = await anna.get(`/api/users?query=porzadek&limit=3${more}`)
    found.push(...body.users.map(({ display_name }) => display_name))
    cursor = body.next_cursor
  }
  expect(found).toEqual(names.toSorted(new Intl.Collator('pl').compare))
})

test.each([
  ['Bartek\u00a0Zieliński', 'Bartek Zieliński'],
  ['  Bartek \t  Zieliński ', 'Bartek Zieliński'],
  ['Bar\u00adtek Zie\u200bliński\ufeff', 'Bartek Zieliński'],
  ['Bartek\u2009\u202fZielin\u0301ski', 'Bartek Zieliński'],
  ['Bartek\u3164Zieliński', 'Bartek Zieliński'],
  ['Bartek\u2800Zieliński\u2060', 'Bartek Zieliński'],
  ['\u200eBartek Zieliński\u200f', 'Bartek Zieliński'],
  ['Bartek\u200d Zielińsk\ufe0fi', 'Bartek Zieliński'],
  ['Bartek\u2028Zieliński', undefined],
  ['Bartek 👩\u200d🚒 ❤️', 'Bartek 👩‍🚒 ❤️'],
  ['می\u200cخواهم', 'می\u200cخواهم'],
])('a member called %j is shown as %j, and found by it', async (given, name) => {
  const answer = await bartek.patch('/api/users/me/settings', { display_name: given })
  if (!name) return expect(answer.status).toBe(400)
  expect(answer.body.user.display_name).toBe(name)
  for (const query of [name, given, name.toUpperCase(), name.replaceAll('ń', 'n')])
    expect(await found(query), query).toContain(bartek.id)
})

const found = async (query: string): Promise<number[]> =>
  (await anna.get(`/api/users?query=${encodeURIComponent(query)}`)).body.users.map(({ id }) => id)

test('a member whose name has invisible characters is found by the visible ones', async () => {
  const [{ id }] = await sql<[{ id: number }]>`
    insert into users (email, name, company)
    values ('gosc@example.org', ${'Łu\u00adcja\u00a0 O’Neil\u2011Kos'}, ${'Klub\u2003„Ąę”'}) returning id`
  for (const query of [
    'łucja o',
    'LUCJA O',
    'lu\u200bcja  o’neil-kos',
    "o'neil-kos",
    'klub „ae”',
    '@gosc',
    'gosc',
  ])
    expect(await found(query), query).toEqual([id])
  for (const query of ['kos gosc', '%', '_', '\\', 'łucja_o']) expect(await found(query), query).toEqual([])
  expect(await found('\u200b\u3164')).toContain(id)
})

test('settings can be changed one at a time', async () => {
  const answer = await bartek.patch('/api/users/me/settings', { locale: 'en', show_last_seen: false })
  expect(answer.body.user).toMatchObject({ locale: 'en', show_last_seen: false, notify_email_messages: true })
})

test.each([
  ['small', 200],
  ['normal', 200],
  ['large', 200],
  ['huge', 200],
  ['', 400],
  ['Large', 400],
  ['large ', 400],
  ['120%', 400],
  [2, 400],
  [null, 400],
  [['large'], 400],
])('the text size %j is answered by %i', async (text_size, status) => {
  const before = (await bartek.get('/api/users/me')).body.user.text_size
  expect((await bartek.patch('/api/users/me/settings', { text_size })).status).toBe(status)
  const { text_size: after } = (await bartek.get('/api/users/me')).body.user
  expect(after).toBe(status === 200 ? text_size : before)
})

const night = { from: '22:00', to: '07:00', time_zone: 'Europe/Warsaw' }
test.each([
  [night, 200],
  [{ ...night, time_zone: 'Asia/Calcutta' }, 200],
  [undefined, 200],
  [null, 200],
  [{ ...night, from: '13:00', to: '14:30' }, 200],
  [{ ...night, to: '22:00' }, 400],
  [{ ...night, from: '24:00' }, 400],
  [{ ...night, from: '9:00' }, 400],
  [{ ...night, to: '07:00:00' }, 400],
  [{ ...night, time_zone: 'Europe/Atlantis' }, 400],
  [{ ...night, time_zone: '+02:00' }, 400],
  [{ from: '22:00', to: '07:00' }, 400],
  ['22:00-07:00', 400],
  [{}, 400],
  [[], 400],
])('the quiet hours %j are answered by %i', async (quiet_hours, status) => {
  const before = (await bartek.get('/api/users/me')).body.user.quiet_hours
  expect((await bartek.patch('/api/users/me/settings', { quiet_hours })).status).toBe(status)
  const { quiet_hours: after } = (await bartek.get('/api/users/me')).body.user
  expect(after).toEqual(status === 200 && quiet_hours !== undefined ? quiet_hours : before)
})

test.each([
  [false, 200],
  [true, 200],
  ['no', 400],
  [0, 400],
  [null, 400],
])('to send by Enter: %j is answered by %i', async (enter_sends, status) => {
  expect((await bartek.patch('/api/users/me/settings', { enter_sends })).status).toBe(status)
  const { user } = (await bartek.get('/api/users/me')).body
  expect(user.enter_sends).toBe(status === 200 ? enter_sends : true)
})

test('a write from another site is refused, but not one from a program or our own page', async () => {
  const from = (headers: Record<string, string>) =>
    bartek.request('PATCH', '/api/users/me/settings', {
      body: '{}',
      headers: { 'content-type': 'application/json', ...headers },
    })
  for (const headers of [
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site' },
    { origin: 'https://evil.example' },
    { origin: 'null' },
  ]) {
    const answer = await from(headers)
    expect([answer.status, answer.body.code], JSON.stringify(headers)).toEqual([403, 'cross_site'])
  }
  expect((await from({ 'sec-fetch-site': 'same-origin', origin: address })).status).toBe(200)
  expect((await from({ origin: address })).status).toBe(200)
  expect((await from({})).status).toBe(200)
})
