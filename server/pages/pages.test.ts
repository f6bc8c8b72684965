import { expect, test } from 'vitest'
import { cast, password } from '../demo/cast.ts'
import { flood } from '../testing/flood.ts'
import { type Person, startService } from '../testing/service.ts'

const service = await startService()
const { anna, bartek, ewa } = service
const html = { headers: { accept: 'text/html' } }
const form = (fields: Record<string, string>) => ({
  body: new URLSearchParams(fields).toString(),
  headers: { accept: 'text/html', 'content-type': 'application/x-www-form-urlencoded' },
})

test('a guest is redirected to the sign-in page and back', async () => {
  const guest = service.guest()
  const first = await guest.request('GET', '/wiadomosci/12?a=b', html)
  expect(first.status).toBe(302)
  const signIn = first.headers.get('location')!
  expect(signIn).toBe('/logowanie?next=%2Fwiadomosci%2F12%3Fa%3Db')
  expect((await guest.request('GET', signIn, html)).body).toContain('name="password"')
  const done = await guest.request('POST', signIn, form({ email: cast.anna.email, password }))
  expect([done.status, done.headers.get('location')]).toEqual([303, '/wiadomosci/12?a=b'])
})

test('signing in never leads to another site', async () => {
  const answer = await service
    .guest()
    .request('POST', '/logowanie?next=//evil.example', form({ email: cast.anna.email, password }))
  expect(answer.headers.get('location')).toBe('/wiadomosci')
})

test('a wrong password and an unknown e-mail show the same form again', async () => {
  const wrong = await service
    .guest()
    .request('POST', '/logowanie', form({ email: 'a@example.org', password: 'x' }))
  const other = await service
    .guest()
    .request('POST', '/logowanie', form({ email: cast.anna.email, password: 'x' }))
  expect([wrong.status, other.status]).toEqual([401, 401])
  expect(other.body.replaceAll(cast.anna.email, 'a@example.org')).toBe(wrong.body)
  expect(wrong.body).toContain('role="alert"')
})

test('what is kept for a start without a network has no conversation in it, and is for members alone', async () => {
  await anna.say(await anna.talkTo(bartek), 'nie do zachowania')
  const { status, headers, body } = await anna.request('GET', '/wiadomosci/bez-sieci', html)
  expect([status, headers.get('cache-control')]).toEqual([200, 'no-store'])
  expect(body).toContain('"isShell":true')
  expect(body).not.toContain('data-conversation-id')
  expect(body).not.toMatch(/nie do zachowania|Bartek/)
  const guest = await service.guest().request('GET', '/wiadomosci/bez-sieci', html)
  expect([guest.status, guest.headers.get('location')]).toEqual([302, '/logowanie?next=%2Fwiadomosci'])
})

test.each(['GET', 'POST'])(
  '%s of what was shared, without a service worker, leads to the list',
  async (method) => {
    const answer = await anna.request(method, '/wiadomosci/udostepnij', html)
    expect([answer.status, answer.headers.get('location')]).toEqual([303, '/wiadomosci'])
  },
)

test('signing out ends the session', async () => {
  const guest = await service.guest().signIn('dawid')
  expect((await guest.request('GET', '/wiadomosci', html)).status).toBe(200)
  const out = await guest.request('POST', '/wylogowanie', html)
  expect([out.status, out.headers.get('location')]).toEqual([303, '/logowanie'])
  expect((await guest.request('GET', '/wiadomosci', html)).status).toBe(302)
})

test('a new member registers, or sees what to correct', async () => {
  const guest = service.guest()
  const fields = {
    display_name: 'Żaneta Gęś',
    email: 'zaneta@example.org',
    username: 'zaneta',
    password: 'krótkie',
  }
  const short = await guest.request('POST', '/rejestracja', form(fields))
  expect(short.status).toBe(400)
  expect(short.body).toContain('Hasło musi mieć od 8 do 200 znaków.')
  expect(short.body).toContain('value="Żaneta Gęś"')
  const done = await guest.request('POST', '/rejestracja', form({ ...fields, password: 'wystarczy' }))
  expect([done.status, done.headers.get('location')]).toEqual([303, '/wiadomosci'])
  expect((await guest.request('GET', '/wiadomosci', html)).body).toContain('Żaneta Gęś')
  const taken = await service
    .guest()
    .request('POST', '/rejestracja', form({ ...fields, password: 'wystarczy' }))
  expect(taken.status).toBe(409)
})

test('the page contains the list and the newest messages, with names escaped', async () => {
  const id = await anna.talkTo(bartek)
  await anna.say(id, '<p>Cześć <strong>Bartku</strong></p>')
  const group = await anna.post('/api/conversations', {
    name: '<img src=x onerror=alert(1)>',
    member_ids: [ewa.id],
  })
  const { status, body } = await anna.request('GET', `/wiadomosci/${id}`, html)
  expect(status).toBe(200)
  expect(body).toContain('<p>Cześć <strong>Bartku</strong></p>')
  expect(body).toContain('&lt;img src=x onerror=alert(1)&gt;')
  expect(body).not.toContain('<img src=x')
  expect(body).not.toMatch(/\sstyle=|\son\w+=["']|<script>/)
  const there = await ewa.request('GET', `/wiadomosci/${group.body.conversation.id}`, html)
  expect(there.status).toBe(200)
})

test('times are in the reader’s zone, whatever a cookie contains', async () => {
  const id = await anna.talkTo(bartek)
  const { created_at } = await anna.say(id, 'która godzina')
  const timeIn = (timeZone: string) =>
    new Date(created_at).toLocaleTimeString('pl', { timeZone, hour: '2-digit', minute: '2-digit' })
  const shown = async (tz: string) => {
    const cookie = `${anna.cookie}; tz=${tz}`
    const { status, body } = await service
      .guest()
      .request('GET', `/wiadomosci/${id}`, { headers: { cookie } })
    return [status, new RegExp(`<time datetime="${created_at}"[^>]*>([^<]*)`).exec(body)?.[1]]
  }
  expect(await shown('Asia/Bangkok')).toEqual([200, timeIn('Asia/Bangkok')])
  expect(await shown('%E0%A4%A')).toEqual([200, timeIn('Europe/Warsaw')])
  expect(await shown('Nowhere')).toEqual([200, timeIn('Europe/Warsaw')])
})

test.each(['999999', 'abc', '0', '-1', '1e3', '%00'])('a conversation "%s" is not found', async (id) => {
  const { status, body } = await anna.request('GET', `/wiadomosci/${id}`, html)
  expect(status).toBe(404)
  expect(body).toContain('Nie ma takiej rozmowy')
})

test('other people’s conversations are not found either', async () => {
  const id = await anna.talkTo(bartek)
  expect((await ewa.request('GET', `/wiadomosci/${id}`, html)).status).toBe(404)
})

test('a missing page is answered with a page to browsers, and with a problem to programs', async () => {
  const page = await anna.request('GET', '/nic', html)
  expect([page.status, page.headers.get('content-type')]).toEqual([404, 'text/html; charset=utf-8'])
  expect(page.body).toContain('Nie ma takiej strony')
  expect((await anna.get('/nic')).body).toMatchObject({ status: 404, code: 'not_found' })
})

test.each([
  ['en-GB,en;q=0.9', 'en'],
  ['de-DE,de;q=0.9,en;q=0.5', 'en'],
  ['pl-PL,pl;q=0.9,en;q=0.8', 'pl'],
  ['en;q=0.4,pl;q=0.7', 'pl'],
  ['de,uk', 'pl'],
  ['*', 'pl'],
  ['en;q=0', 'pl'],
  ['EN-us', 'en'],
  [',,;q=x', 'pl'],
  ['xx'.repeat(300), 'pl'],
])('a browser that accepts %j gets pages without a session in %s', async (language, locale) => {
  const headers = { accept: 'text/html', 'accept-language': language }
  for (const path of ['/logowanie', '/rejestracja', '/nie-ma'])
    expect((await service.guest().request('GET', path, { headers })).body).toContain(`<html lang="${locale}"`)
})

test('a member keeps the language they registered in, whatever the browser accepts later', async () => {
  const guest = service.guest()
  const fields = { display_name: 'Ann', email: 'ann@example.org', username: 'ann', password: 'long enough' }
  const { body, headers } = form(fields)
  await guest.request('POST', '/rejestracja', { body, headers: { ...headers, 'accept-language': 'en' } })
  const page = await guest.request('GET', '/wiadomosci', html)
  expect(page.body).toContain('<html lang="en"')
})

test('a member’s text size is set in the page from the server', async () => {
  expect((await anna.request('GET', '/wiadomosci', html)).body).toContain('data-text-size="normal"')
  await anna.patch('/api/users/me/settings', { text_size: 'huge' })
  expect((await anna.request('GET', '/wiadomosci', html)).body).toContain('data-text-size="huge"')
  expect((await service.guest().request('GET', '/logowanie', html)).body).not.toContain('data-text-size')
  await anna.patch('/api/users/me/settings', { text_size: 'normal' })
})

test('a printed conversation is complete and in order, and for members only', async () => {
  const { body } = await anna.post('/api/conversations', { name: 'Kronika', member_ids: [bartek.id] })
  const { id } = body.conversation
  await flood(id, anna.id, 250)
  const path = `/wiadomosci/${id}/druk`
  const page = (await bartek.request('GET', path, html)).body as string
  const numbers = [...page.matchAll(/nr (\d+)\.<\/p>/g)].map((match) => Number(match[1]))
  expect(numbers).toEqual(Array.from({ length: 250 }, (_, i) => i + 1))
  const count = (pattern: RegExp) => page.match(pattern)?.length ?? 0
  const days = [...page.matchAll(/class="day"[^>]*aria-label="([^"]*)/g)].map((match) => match[1])
  expect(days).toEqual(['Dzisiaj'])
  expect(count(/class="beginning/g)).toBe(1)
  expect(page.trimEnd().endsWith('</html>')).toBe(true)
  expect((await ewa.request('GET', path, html)).status).toBe(404)
  expect((await anna.request('GET', '/wiadomosci/x/druk', html)).status).toBe(404)
  const guest = await service.guest().request('GET', path, html)
  expect(guest.headers.get('location')).toBe(`/logowanie?next=${encodeURIComponent(path)}`)
})

test('what happened to a group is said in the language of whoever reads it', async () => {
  const made = await anna.post('/api/conversations', { name: 'Zarząd', member_ids: [ewa.id] })
  const { id } = made.body.conversation
  await anna.patch(`/api/conversations/${id}`, { name: 'Rada' })
  await ewa.patch('/api/users/me/settings', { locale: 'en' })
  const pageOf = async (person: Person) => (await person.get(`/wiadomosci/${id}`)).body
  expect(await pageOf(anna)).toContain('>Anna Kowalska zmienia nazwę grupy na „Rada”</article>')
  expect(await pageOf(ewa)).toContain('>Anna Kowalska renamed the group to “Rada”</article>')
})

test.each([
  ['no field', ''],
  ['the text twice', 'content=a&content=b'],
  ['a sign that text cannot hold', 'content=a%00b'],
  ['a wrong id', 'content=a&client_id=x'],
])('a message form with %s is refused', async (_what, body) => {
  const id = await anna.talkTo(bartek)
  const headers = { accept: 'text/html', 'content-type': 'application/x-www-form-urlencoded' }
  expect((await anna.request('POST', `/wiadomosci/${id}`, { body, headers })).status).toBe(400)
})
