import { expect, test } from 'vitest'
import type { SearchPage } from '../contract/search.ts'
import { NodusClient } from '../testing/nodus-client.ts'
import { type Person, startService } from '../testing/service.ts'

const { address, anna, bartek, celina } = await startService()
const { sql } = await import('../db/client.ts')

const pathOf = (query: Record<string, string | number>) =>
  `/api/search?${new URLSearchParams(Object.entries(query).map(([name, value]) => [name, String(value)]))}`
const ask = (who: Person, query: Record<string, string | number>) =>
  who.get(pathOf(query)) as Promise<{ status: number; body: SearchPage & { code?: string } }>
const idsOf = ({ results }: SearchPage) => results.map(({ message }) => message.id)
const find = async (who: Person, q: string, more = {}) => idsOf((await ask(who, { q, ...more })).body)
const group = async (...others: Person[]) =>
  (await anna.post('/api/conversations', { name: 'Grupa', member_ids: others.map(({ id }) => id) })).body
    .conversation.id

const table = await group(bartek)
const ofTable = async (text: string, query: string) => {
  const { id } = await anna.say(table, text)
  return (await find(bartek, query, { conversation_id: table })).includes(id)
}

test.each([
  ['the same word', 'Jutro spotkanie', 'spotkanie', true],
  ['another word', 'Jutro spotkanie', 'pojutrze', false],
  ['diacritics in the text', 'Zażółć gęślą jaźń', 'zazolc gesla jazn', true],
  ['diacritics in the query', 'Zazolc gesla jazn', 'Zażółć GĘŚLĄ', true],
  ['diacritics that stand apart', 'z\u0307o\u0301\u0142w', 'żółw', true],
  ['another case', 'FAKTURA', 'faktura', true],
  ['the beginning of a word', 'Faktury za marzec', 'fakt mar', true],
  ['two words in any order', 'pierwszy drugi', 'drugi pierwszy', true],
  ['one word of two', 'pierwszy drugi', 'pierwszy trzeci', false],
  ['a word of one letter', 'spotkanie o piątej', 'o spotkanie', true],
  ['the beginning of a word, of one letter', 'spotkanie obok', 'o spotkanie', false],
  ['punctuation', 'Kto? (Ja!) – „dziś”…', 'ja dzis kto', true],
  ['punctuation in the query', 'kto ja', '"kto", (ja)!', true],
  ['an address', 'https://przyklad.example.org/faktury?nr=77&x=1', 'example 77', true],
  ['an e-mail address', 'jan.kowalski@firma.pl', 'kowalski firma', true],
  ['words without a blank', 'koniec.Potem_dalej', 'potem dalej', true],
  ['a number', 'FV/2026/11/0042', '2026 0042', true],
  ['an emoji', 'brawo👏🏽super', '👏', true],
  ['another emoji', 'brawo 👏', '🔥', false],
  ['a family', 'my 👨‍👩‍👧 tu', '👨‍👩‍👧', true],
  ['right to left', 'שלום abc 123, עולם!', 'עולם', true],
  ['Chinese, within', '我们明天见', '明天', true],
  ['Straße', 'Straße', 'STRASSE', true],
  ['wildcards', 'sto procent', '%%', false],
  ['wildcards with words', 'sto procent', 'st% _ro', false],
  ['what means something to the index', "kot | pies & !mysz:* 'x'", "| & ! :* ' kot", true],
  ['markup', 'a <b>gruby</b> tekst', 'gruby', true],
  ['the conversation', 'zwykły tekst', `/${table}`, false],
  ['a hundred signs', 'x'.repeat(300), 'x'.repeat(100), true],
  ['a very long word', 'ż'.repeat(5000), 'z'.repeat(80), true],
  ['far into a long text', `${'słowo '.repeat(2000)}igła`, 'igla', true],
])('searching for %s', async (_, text, query, isFound) => {
  expect(await ofTable(text, query)).toBe(isFound)
})

test.each(['', 'a', ' a ', 'a\0b', 'x'.repeat(101)])('“%s” is no query', async (q) => {
  expect((await ask(anna, { q })).body.code).toBe('validation_failed')
})

test.each([
  { conversation_id: 'x' },
  { sender_id: 0 },
  { since: 'wczoraj' },
  { until: '2026-13-01' },
  { limit: 101 },
  { cursor: 'W10' },
  { cursor: 'x'.repeat(200) },
])('%j does not fit', async (more) => {
  expect((await ask(anna, { q: 'kot', ...more })).body.code).toBe('validation_failed')
})

test('only what a member may see is found, and still is', async () => {
  const id = await group(bartek)
  const old = await anna.say(id, 'jednorożec dawny')
  expect([await find(anna, 'jednorozec'), await find(bartek, 'jednorozec')]).toEqual([[old.id], [old.id]])
  expect(await find(celina, 'jednorozec')).toEqual([])
  await anna.post(`/api/conversations/${id}/members`, { user_ids: [celina.id] })
  const { body } = await celina.get(`/api/conversations/${id}/messages`)
  expect(body.messages.map((message) => message.id)).toContain(old.id)
  expect(await find(celina, 'jednorozec')).toEqual([old.id])
  await celina.delete(`/api/conversations/${id}/members/${celina.id}`)
  expect(await find(celina, 'jednorozec')).toEqual([])
  await anna.patch(`/api/messages/${old.id}`, { content: 'kucyk' })
  expect([await find(anna, 'jednorozec'), await find(anna, 'kucyk')]).toEqual([[], [old.id]])
  await anna.delete(`/api/messages/${old.id}`)
  expect(await find(anna, 'kucyk')).toEqual([])
  const last = await anna.say(id, 'jednorożec')
  expect(await find(bartek, 'jednorozec')).toEqual([last.id])
  await anna.delete(`/api/conversations/${id}`)
  expect(await find(bartek, 'jednorozec')).toEqual([])
})

test('system lines are not found', async () => {
  const id = await group(bartek)
  await anna.patch(`/api/conversations/${id}`, { name: 'Hipopotam' })
  expect(await find(anna, 'hipopotam')).toEqual([])
})

test("somebody else's conversation looks as if there were none", async () => {
  const id = await group(bartek)
  const [hidden, missing] = [
    await ask(celina, { q: 'kot', conversation_id: id }),
    await ask(celina, { q: 'kot', conversation_id: 999_999 }),
  ]
  expect([hidden.status, hidden.body]).toEqual([404, missing.body])
})

test('a result has the message, its conversation as the reader sees it, and what is safe to show', async () => {
  const id = await anna.talkTo(bartek)
  await anna.say(id, '<p>&lt;img src=x onerror=alert(1)&gt; nosorożec</p>')
  const [result] = (await ask(bartek, { q: 'nosorozec' })).body.results
  expect(result).toMatchObject({
    conversation_id: id,
    title: 'Anna Kowalska',
    excerpt: '&lt;img src=x onerror=alert(1)&gt; <mark>nosorożec</mark>',
    message: {
      conversation_id: id,
      sender_id: anna.id,
      content_text: '<img src=x onerror=alert(1)> nosorożec',
    },
  })
})

test('conversation, sender and time narrow a search', async () => {
  const [here, there] = [await group(bartek), await group(bartek)]
  const sent = [
    await anna.say(here, 'lampart'),
    await bartek.say(here, 'lampart'),
    await anna.say(there, 'lampart'),
  ].map(({ id }) => id)
  for (const [i, id] of sent.entries())
    await sql`update messages set created_at = ${`2026-01-0${i + 1}T12:00:00Z`} where id = ${id}`
  const found = async (more: object) => (await find(anna, 'lampart', more)).map((id) => sent.indexOf(id))
  expect(await found({})).toEqual([2, 1, 0])
  expect(await found({ conversation_id: here })).toEqual([1, 0])
  expect(await found({ sender_id: bartek.id })).toEqual([1])
  expect(await found({ since: '2026-01-02T12:00:00Z' })).toEqual([2, 1])
  expect(await found({ until: '2026-01-02T13:00:00+01:00' })).toEqual([0])
  expect(await found({ sender_id: anna.id, since: '2026-01-01T13:00:00Z', conversation_id: here })).toEqual(
    [],
  )
})

test('a program finds what its scope lets it read', async () => {
  const message = await anna.say(await anna.talkTo(bartek), 'krokodyl')
  expect(await find(await bartek.program('read'), 'krokodyl')).toEqual([message.id])
  expect((await ask(await bartek.program('account'), { q: 'krokodyl' })).status).toBe(403)
})

test('a client of NODUS finds messages as it knows them', async () => {
  const chat_id = await anna.talkTo(bartek)
  const { id } = await anna.say(chat_id, 'salamandra <3')
  const client = new NodusClient(address, { cookie: bartek.cookie })
  const page = {
    results: [
      { message: { id, chat_id, content: 'salamandra <3' }, excerpt: '<mark>salam</mark>andra &lt;3' },
    ],
  }
  expect((await client.ask('GET', '/search?q=salam')).body).toMatchObject({
    ...page,
    has_more: false,
    next_cursor: null,
  })
  expect((await client.ask('GET', `/search?q=salam&chat_id=${chat_id}`)).body).toMatchObject(page)
  expect((await client.ask('GET', '/search?q=s')).body).toEqual({ detail: expect.any(String) })
})

/** All pages, while somebody goes on writing. */
async function pages(who: Person, query: Record<string, string | number>, meanwhile: () => Promise<unknown>) {
  const found: number[] = []
  let cursor: string | null = null
  do {
    const { body }: { body: SearchPage } = await ask(who, { ...query, ...(cursor && { cursor }) })
    expect(body.has_more).toBe(body.next_cursor !== null)
    found.push(...idsOf(body))
    cursor = body.next_cursor
    await meanwhile()
  } while (cursor)
  return found
}

/** Thousands in the conversations, of which each `nth` has the word. */
async function fill(ids: number[], word: string, nth: number, count: number): Promise<number[]> {
  const rows = await sql<{ id: number; text: string }[]>`
    insert into messages (conversation_id, seq, sender_id, content, content_text)
    select (${ids}::bigint[])[1 + n % ${ids.length}], 1000000 + n, ${anna.id}, '<p>x</p>',
      case when n % ${nth} = 0 then ${word} else 'co innego' end
    from generate_series(1, ${count}) n returning id, content_text as text`
  return rows.filter(({ text }) => text === word).map(({ id }) => id)
}

test.each([
  ['common in one conversation', 'wspolne', 3, 1],
  ['rare in one conversation', 'nieczeste', 700, 1],
  ['rare in several', 'rozrzucone', 150, 7],
  ['common in more than are looked through one by one', 'wszechobecne', 20, 120],
  ['rare in so many', 'pojedyncze', 400, 120],
])('pages have neither gaps nor repeats while messages arrive: %s', async (_, word, nth, count) => {
  const ids = await Promise.all(Array.from({ length: count }, () => group(bartek)))
  const stored = await fill(ids, word, nth, 6000)
  const found = await pages(bartek, { q: word, limit: 7 }, () => anna.say(ids[0]!, word))
  expect(found).toEqual(stored.toSorted((a, b) => b - a))
})
