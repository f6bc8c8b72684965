import { expect, test } from 'vitest'
import { upload } from '../testing/files.ts'
import { type Person, startService } from '../testing/service.ts'

const { anna, bartek, celina } = await startService()
const { sql } = await import('../db/client.ts')
const { learnWords } = await import('./learn.ts')

const find = async (who: Person, q: string, more: Record<string, string> = {}) =>
  (await who.get(`/api/search?${new URLSearchParams({ q, ...more })}` as '/api/search')).body.results
const idsOf = async (who: Person, q: string, more = {}) =>
  (await find(who, q, more)).map(({ message }) => message.id)
const group = async () =>
  (await anna.post('/api/conversations', { name: 'Grupa', member_ids: [bartek.id] })).body.conversation.id
const table = await group()

/** What was written last is learned when no older transaction of the whole server is under way. */
async function learnAll() {
  const isLearned = async () => {
    await learnWords()
    const [row] = await sql<[{ is_learned: boolean }]>`
      select value::xid8 > (select xid from messages order by xid desc limit 1) as is_learned
      from installation where name = 'vocabulary'`
    return row.is_learned
  }
  await expect.poll(isLearned, { timeout: 10_000 }).toBe(true)
}

const known = async () =>
  (await sql<{ word: string }[]>`select word from message_vocabulary`).map(({ word }) => word)

test.each([
  ['the nominative', 'Idę z kotem', 'kot', 'Idę z <mark>kotem</mark>'],
  ['another case', 'To jest kot', 'kotem', 'To jest <mark>kot</mark>'],
  ['an alternation', 'Mowa o kocie', 'kot', 'Mowa o <mark>kocie</mark>'],
  ['the plural', 'Po spotkaniach', 'spotkanie', 'Po <mark>spotkaniach</mark>'],
  ['the singular', 'Spotkanie!', 'spotkaniach', '<mark>Spotkanie</mark>!'],
  ['an ending that is nothing', 'Dużo zebrań', 'zebranie', 'Dużo <mark>zebrań</mark>'],
  ['a loan word', 'Za fakturami', 'faktura', 'Za <mark>fakturami</mark>'],
  ['a surname', 'U Kowalskiego', 'Kowalski', 'U <mark>Kowalskiego</mark>'],
  ['a town', 'W Warszawie', 'warszawa', 'W <mark>Warszawie</mark>'],
  ['a verb', 'Czytaliśmy', 'czytać', '<mark>Czytaliśmy</mark>'],
  ['an adjective', 'Nowych drzwi', 'nowe', '<mark>Nowych</mark> drzwi'],
  ['without diacritics', 'Dwa żółwie', 'zolwiami', 'Dwa <mark>żółwie</mark>'],
  ['two words', 'Ostatnie zebrania', 'zebranie ostatni', '<mark>Ostatnie</mark> <mark>zebrania</mark>'],
  ['English, the plural', 'two meetings', 'meeting', 'two <mark>meetings</mark>'],
  ['English, the singular', 'one meeting', 'meetings', 'one <mark>meeting</mark>'],
  ['English, a doubled letter', 'she runs', 'running', 'she <mark>runs</mark>'],
  ['English, a changed letter', 'a study', 'studies', 'a <mark>study</mark>'],
])('a word is found in its forms: %s', async (_, text, q, excerpt) => {
  const { id } = await anna.say(table, text)
  const found = await find(bartek, q, { conversation_id: String(table) })
  expect(found.find(({ message }) => message.id === id)?.excerpt).toBe(excerpt)
})

test.each([
  ['another word that begins alike', 'Mała kuna', 'kunszt'],
  ['what only diacritics tell apart', 'Źli kaci', 'kąt'],
  ['one word of two', 'Długie zebranie', 'zebrań nigdzie'],
  ['an English word with another stem', 'the universe', 'universally'],
])('a word is not found in another: %s', async (_, text, q) => {
  const { id } = await anna.say(table, text)
  expect(await idsOf(bartek, q)).not.toContain(id)
})

test.each([
  ['a part of a word', 'Leci samolot', 'molo', 'Leci sa<mark>molo</mark>t'],
  ['a part without diacritics', 'Coś śnieżnobiałego', 'ezNobi', 'Coś śni<mark>eżnobi</mark>ałego'],
  ['a part of a number', 'FV20260042', '6004', 'FV202<mark>6004</mark>2'],
  ['a surname that nobody knows', 'Dla Brzdękiewiczowi', 'Brzdękiewicza', 'Dla <mark>Brzdękiewiczowi</mark>'],
  ['a brand', 'W Kluwiksie', 'kluwiksem', 'W <mark>Kluwiksie</mark>'],
  ['a mistake', 'Mój plastelinowy', 'plasetlinowy', 'Mój <mark>plastelinowy</mark>'],
  ['a part of another alphabet', 'Это здравствуйте', 'равству', 'Это зд<mark>равству</mark>йте'],
])('once it is learned, a word is found by what is like it: %s', async (_, text, q, excerpt) => {
  const { id } = await anna.say(table, text)
  await learnAll()
  const found = await find(bartek, q)
  expect(found.find(({ message }) => message.id === id)?.excerpt).toBe(excerpt)
})

test.each([
  ["%' or true --", []],
  ["kot' | 'x", []],
  ["\\':* & !", []],
  ['x'.repeat(100), []],
  [Array.from({ length: 50 }, (_, i) => 'abcdefghijklmnoprstuw'[i % 20]).join(' '), []],
  ['jest był mam kot pies dom on ona ono my wy oni tak nie co kto gdzie jak skąd dokąd', []],
])('“%s” is asked for as it is', async (q, ids) => {
  expect(await idsOf(celina, q)).toEqual(ids)
})

test("words of others' conversations widen a search, and bring nothing of them", async () => {
  const secret = await anna.say(await group(), 'Supertajnohipopotam')
  await learnAll()
  expect(await idsOf(anna, 'tajnohipo')).toEqual([secret.id])
  expect(await idsOf(celina, 'tajnohipo')).toEqual([])
  expect(await idsOf(celina, 'supertajnohipopotamem')).toEqual([])
})

test('what nobody says any more is forgotten at once, and learned when it is said again', async () => {
  const id = await group()
  const [once, twice, again] = [
    await anna.say(id, 'jedenrazowiec wspólnotowiec'),
    await anna.say(id, 'wspólnotowiec'),
    await anna.say(id, 'zmienniczek'),
  ]
  await learnAll()
  expect(await known()).toEqual(expect.arrayContaining(['jedenrazowiec', 'wspolnotowiec', 'zmienniczek']))
  await anna.delete(`/api/messages/${once.id}`)
  expect(await known()).not.toContain('jedenrazowiec')
  expect(await known()).toContain('wspolnotowiec')
  await anna.delete(`/api/messages/${twice.id}`)
  expect(await known()).not.toContain('wspolnotowiec')
  await anna.patch(`/api/messages/${again.id}`, { content: 'przemieniony' })
  expect(await known()).not.toContain('zmienniczek')
  await learnAll()
  expect(await idsOf(bartek, 'mienion')).toEqual([again.id])
})

test('nothing is learned twice, and everything again after a backup was restored', async () => {
  await learnAll()
  const before = await known()
  await sql`delete from message_vocabulary`
  await learnAll()
  expect(await known()).toEqual([])
  await sql`update installation set value = '9000000000000' where name = 'vocabulary'`
  await learnAll()
  expect((await known()).toSorted()).toEqual(before.toSorted())
})

/** A message with a file of that name. */
async function withFile(conversationId: number, name: string, content = '') {
  const { body } = await upload(anna, 'co innego', name)
  const sent = await anna.post(`/api/conversations/${conversationId}/messages`, {
    content,
    attachment_ids: [body.attachment.id],
  })
  return sent.body.message
}

test('files are found by their names and by what was written with them', async () => {
  const id = await group()
  const named = await withFile(id, 'Umowa_najmu-2026.txt')
  const written = await withFile(id, 'skan.txt', 'Oto umowy')
  const bare = await anna.say(id, 'umowa bez pliku')
  const files = { kind: 'files', conversation_id: String(id) }
  expect(await idsOf(bartek, 'umowa', files)).toEqual([written.id, named.id])
  expect((await find(bartek, 'umowę', files)).map(({ excerpt }) => excerpt)).toEqual([
    'Oto <mark>umowy</mark>',
    '<mark>Umowa</mark>_najmu-2026.txt',
  ])
  expect(await idsOf(bartek, 'umowa 2026', files)).toEqual([named.id])
  await learnAll()
  expect(await idsOf(bartek, 'najm', { ...files, sender_id: String(bartek.id) })).toEqual([])
  expect(await idsOf(bartek, 'umowa', { conversation_id: String(id) })).toEqual([bare.id, written.id])
  expect(await idsOf(celina, 'umowa', { kind: 'files' })).toEqual([])
  await anna.delete(`/api/messages/${named.id}`)
  expect(await known()).not.toContain('najmu')
  expect(await idsOf(bartek, 'umowa', files)).toEqual([written.id])
})

test('links narrow a search to messages that have one', async () => {
  const id = await group()
  const texts: [string, boolean][] = [
    ['plan https://example.org/x', true],
    ['plan na www.example.org', true],
    ['plan: firma.pl/plan', true],
    ['<p>plan <a href="https://example.org">tu</a></p>', true],
    ['plan do jan@firma.pl', false],
    ['plan.Potem nic', false],
    ['plan w pliku plan.txt', false],
  ]
  const linking: number[] = []
  for (const [text, isLink] of texts) {
    const message = await anna.say(id, text)
    if (isLink) linking.unshift(message.id)
  }
  expect(await idsOf(bartek, 'plan', { kind: 'links', conversation_id: String(id) })).toEqual(linking)
})

test('beyond the newest, the index finds files and forms as well', async () => {
  const id = await group()
  const file = await withFile(id, 'dawny-dwukropkowiec.txt')
  const form = await anna.say(id, 'o dawnych dwukropkach')
  await sql`
    insert into messages (conversation_id, seq, sender_id, content, content_text)
    select ${id}, 1000000 + n, ${anna.id}, '<p>x</p>', 'co innego' from generate_series(1, 6000) n`
  await learnAll()
  expect(await idsOf(bartek, 'dwukropek')).toEqual([form.id])
  expect(await idsOf(bartek, 'kropkowiec', { kind: 'files' })).toEqual([file.id])
})

test('no other kind is known', async () => {
  expect((await anna.get('/api/search?q=kot&kind=obrazy' as '/api/search')).status).toBe(400)
})
