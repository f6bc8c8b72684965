import { expect, test } from 'vitest'
import { type Person, startService } from '../testing/service.ts'

const service = await startService()
const { anna, bartek, celina, ewa } = service
const { sql } = await import('../db/client.ts')
const html = (more = {}) => ({ headers: { accept: 'text/html', ...more } })
const open = (who: Person, path: string, more = {}) =>
  who.request('GET', `/wiadomosci/osoby${path}`, html(more))
const hrefs = (page: string, pattern: RegExp) => [...page.matchAll(pattern)].map(([, href]) => href!)
const listed = (page: string) => hrefs(page, /class="person__name" dir="auto">([^<]*)</g)

const names = ['Adam', 'Cyryl', 'Ćwirko', 'Łucja', 'Lucjan', 'Żaneta', 'Zenon']
for (let i = 0; i < 70; i++) {
  const name = `${names[i % 7]} ${String(i).padStart(2, '0')}`
  await sql`
    insert into users (email, name, role, company)
    values (${`m${i}@example.org`}, ${name}, ${i === 1 ? 'Kronikarz' : null}, 'Oddział Łomża')`
}

test('everybody is listed by the Polish alphabet, page after page, under letters', async () => {
  const all: string[] = []
  const letters: string[] = []
  let path = ''
  for (let pages = 0; pages < 2; pages++) {
    const { status, body } = await open(anna, path)
    expect(status).toBe(200)
    all.push(...listed(body))
    letters.push(...hrefs(body, /class="directory__letter"[^>]*>([^<]*)</g))
    path = hrefs(body, /rel="next" href="\/wiadomosci\/osoby([^"]*)"/g)[0] ?? ''
  }
  expect(path).toBe('')
  expect(all).toEqual(all.toSorted(new Intl.Collator('pl').compare))
  expect(all).toHaveLength(75)
  expect([...new Set(letters)]).toEqual(['A', 'B', 'C', 'Ć', 'D', 'E', 'L', 'Ł', 'Z', 'Ż'])
})

test.each([
  ['?szukaj=LUCJA', 'Łucja 03', 'Adam 00'],
  ['?szukaj=%C5%82om%C5%BCa', 'Adam 00', 'Anna Kowalska'],
  ['?litera=%C4%86', 'Ćwirko 02', 'Cyryl 01'],
  ['?litera=%C4%86', 'Łucja 03', 'Anna Kowalska'],
  ['?litera=0', 'Adam 00', 'Żaneta 05'],
  ['?dalej=nic', 'Adam 00', 'Żaneta 05'],
  [`?szukaj=${'x'.repeat(101)}`, 'Adam 00', 'Żaneta 05'],
])('%s shows %s, and not %s', async (path, shown, hidden) => {
  const found = listed((await open(anna, path)).body)
  expect(found).toContain(shown)
  expect(found).not.toContain(hidden)
})

test('the next page keeps what was searched for, and a search for nobody says so', async () => {
  const first = await open(anna, '?szukaj=oddzial')
  const next = hrefs(first.body, /rel="next" href="\/wiadomosci\/osoby([^"]*)"/g)[0]!.replaceAll('&amp;', '&')
  expect(listed(first.body)).toHaveLength(50)
  expect(listed((await open(anna, next)).body)).toHaveLength(20)
  expect((await open(anna, '?szukaj=zzz')).body).toContain('Nikogo nie znaleziono')
})

test('a profile has what the portal says, and no e-mail', async () => {
  await sql`update users set role = 'Sekretarz', company = '<b>', phone = '600 100 200' where id = ${bartek.id}`
  const { body } = await open(anna, `/${bartek.id}`)
  for (const said of ['Bartek Zieliński', '@bartek', 'Sekretarz', '&lt;b&gt;', 'href="tel:+48600100200"'])
    expect(body).toContain(said)
  for (const page of [body, (await open(anna, '')).body]) expect(page).not.toContain('@example.org')
  expect((await open(anna, `/${celina.id}`)).body).not.toContain('profile__facts')
})

test('the groups in common are listed, and no others', async () => {
  const make = (who: Person, name: string, others: Person[]) =>
    who.post('/api/conversations', { name, member_ids: others.map(({ id }) => id) })
  const made = await make(anna, 'Nasza', [celina, ewa])
  await make(anna, 'Moja', [ewa])
  await make(celina, 'Ich', [ewa])
  const groups = async () => {
    const { body } = await open(anna, `/${celina.id}`)
    return ['Nasza', 'Moja', 'Ich'].filter((name) => body.includes(`>${name}<`))
  }
  expect(await groups()).toEqual(['Nasza'])
  await anna.delete(`/api/conversations/${made.body.conversation.id}`)
  expect(await groups()).toEqual([])
  expect((await open(anna, `/${anna.id}`)).body).not.toContain('Wspólne grupy')
})

test('presence is shown of those one shares a conversation with, and of nobody else', async () => {
  const stream = await ewa.listen()
  const isOnline = async () => {
    const page = (await open(bartek, '?szukaj=ewa')).body
    const profile = (await open(bartek, `/${ewa.id}`)).body
    return [page, profile].map((each) => each.includes('presence--online'))
  }
  await ewa.post('/api/presence/heartbeat')
  expect(await isOnline()).toEqual([false, false])
  await bartek.talkTo(ewa)
  expect(await isOnline()).toEqual([true, true])
  stream.close()
})

test('the button opens the 1:1, without scripts', async () => {
  const asked = () => bartek.request('POST', `/wiadomosci/osoby/${celina.id}`, html())
  const answer = await asked()
  const id = await bartek.talkTo(celina)
  expect([answer.status, answer.headers.get('location')]).toEqual([303, `/wiadomosci/${id}`])
  expect((await asked()).headers.get('location')).toBe(`/wiadomosci/${id}`)
  const elsewhere = await bartek.request(
    'POST',
    `/wiadomosci/osoby/${celina.id}`,
    html({ 'sec-fetch-site': 'cross-site' }),
  )
  expect(elsewhere.status).toBe(403)
})

test.each([
  ['', '/wiadomosci/osoby'],
  ['/wiadomosci/12?wiadomosc=3', '/wiadomosci/12?wiadomosc=3'],
  ['/logowanie', '/wiadomosci/osoby'],
  ['//wiadomosci', '/wiadomosci/osoby'],
])('back from a profile, having come from %j, leads to %s', async (from, to) => {
  const { body } = await open(anna, `/${bartek.id}`, from ? { referer: service.address + from } : {})
  expect(body).toContain(`href="${to}" aria-label="Wróć"`)
  const other = await open(anna, `/${bartek.id}`, { referer: 'https://evil.example/wiadomosci/1' })
  expect(other.body).toContain('href="/wiadomosci/osoby" aria-label="Wróć"')
})

test('who is deactivated or unknown is not found, and guests sign in first', async () => {
  await sql`update users set is_active = false where email = 'm7@example.org'`
  const [gone] = await sql<{ id: number }[]>`select id from users where email = 'm7@example.org'`
  for (const id of [gone!.id, 999_999, 'abc', '0']) {
    expect((await open(anna, `/${id}`)).status).toBe(404)
    expect((await anna.request('POST', `/wiadomosci/osoby/${id}`, html())).status).toBe(404)
  }
  expect(listed((await open(anna, '?szukaj=adam')).body)).not.toContain('Adam 07')
  for (const path of ['', `/${anna.id}`]) {
    const answer = await open(service.guest(), path)
    expect(answer.headers.get('location')).toBe(
      `/logowanie?next=${encodeURIComponent(`/wiadomosci/osoby${path}`)}`,
    )
  }
})
