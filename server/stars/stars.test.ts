import { expect, test } from 'vitest'
import { type Person, startService } from '../testing/service.ts'

const { anna, bartek, celina, dawid, ewa } = await startService()
const { sql } = await import('../db/client.ts')

const star = (who: Person, id: number) => who.post(`/api/messages/${id}/star`)
const unstar = (who: Person, id: number) => who.delete(`/api/messages/${id}/star`)
const starred = async (who: Person, query = '') => (await who.get(`/api/messages/starred${query}`)).body
const idsOf = async (who: Person) => (await starred(who)).messages.map(({ id }) => id)
const group = async (owner: Person, ...others: Person[]): Promise<number> =>
  (await owner.post('/api/conversations', { name: 'Zarząd', member_ids: others.map(({ id }) => id) })).body
    .conversation.id

test('the newest star comes first, wherever the message is', async () => {
  const [here, there] = [await anna.talkTo(bartek), await anna.talkTo(celina)]
  const [old, recent] = [await bartek.say(here, 'stara'), await celina.say(there, 'nowsza')]
  for (const { id } of [recent, old]) expect((await star(anna, id)).status).toBe(204)
  const { messages, conversations, has_more, next_cursor } = await starred(anna)
  expect(messages.map(({ id, is_starred }) => [id, is_starred])).toEqual([
    [old.id, true],
    [recent.id, true],
  ])
  expect(conversations).toEqual([
    { id: here, title: 'Bartek Zieliński' },
    { id: there, title: 'Celina Wójcik' },
  ])
  expect([has_more, next_cursor]).toEqual([false, null])
})

test('starred again it keeps its place, unstarred and starred it is the newest', async () => {
  const id = await dawid.talkTo(ewa)
  const [a, b] = [await ewa.say(id, 'a'), await ewa.say(id, 'b')]
  for (const each of [a, b, a]) await star(dawid, each.id)
  expect(await idsOf(dawid)).toEqual([b.id, a.id])
  expect((await unstar(dawid, a.id)).status).toBe(204)
  expect((await unstar(dawid, a.id)).status).toBe(204)
  expect(await idsOf(dawid)).toEqual([b.id])
  await star(dawid, a.id)
  expect(await idsOf(dawid)).toEqual([a.id, b.id])
})

test('pages follow each other by their cursors, with nothing twice', async () => {
  const id = await group(celina, ewa)
  const sent: number[] = []
  for (let n = 0; n < 5; n++) sent.push((await ewa.say(id, `${n}`)).id)
  for (const each of sent) await star(celina, each)
  const found: number[] = []
  let query = '?limit=2'
  for (let page = 0; page < 3; page++) {
    const { messages, next_cursor, has_more } = await starred(celina, query)
    found.push(...messages.map((each) => each.id))
    expect(has_more).toBe(page < 2)
    query = `?limit=2&cursor=${next_cursor}`
  }
  expect(found).toEqual(sent.toReversed())
})

test('a star is the reader’s own, in every answer and in no frame of others', async () => {
  const id = await group(anna, bartek)
  const message = await anna.say(id, 'https://example.org ważne')
  await star(bartek, message.id)
  const paths = [`/api/conversations/${id}/messages`, `/api/conversations/${id}/changes?after_seq=0`] as const
  for (const path of paths) {
    const of = async (who: Person) =>
      (await who.get(path)).body.messages.find((each) => each.id === message.id)
    expect((await of(bartek))!.is_starred).toBe(true)
    expect(await of(anna)).not.toHaveProperty('is_starred')
  }
  const { conversation } = (await bartek.get(`/api/conversations/${id}`)).body
  expect(conversation.last_message).not.toHaveProperty('is_starred')
})

test('a page that was away asks which of its messages are starred', async () => {
  const [id, elsewhere] = [await group(anna, bartek), await group(anna, bartek)]
  const [old, first, second] = [await anna.say(id, 'a'), await anna.say(id, 'b'), await anna.say(id, 'c')]
  const other = await anna.say(elsewhere, 'd')
  for (const each of [old, second, other]) await star(bartek, each.id)
  await star(anna, first.id)
  const ask = async (who: Person, more = '') =>
    (await who.get(`/api/conversations/${id}/changes?after_seq=${second.seq}${more}`)).body
  expect((await ask(bartek, `&stars_from_id=${first.id}`)).starred_ids).toEqual([second.id])
  expect((await ask(bartek, `&stars_from_id=${old.id}`)).starred_ids).toEqual([old.id, second.id])
  expect(await ask(bartek)).not.toHaveProperty('starred_ids')
})

test('what others are told of a vote has no star in it', async () => {
  const id = await group(anna, bartek)
  const options = ['Tak', 'Nie']
  const asked = await anna.post(`/api/conversations/${id}/polls`, {
    question: 'Kto?',
    options,
    is_multiple: false,
    is_secret: false,
  })
  const { message } = asked.body
  await star(bartek, message.id)
  const stream = await anna.listen()
  const { body } = await bartek.put(`/api/messages/${message.id}/votes`, { option_ids: [1] })
  expect(body.message.is_starred).toBe(true)
  expect((await stream.hear('message_updated')).message).not.toHaveProperty('is_starred')
})

test('one’s other devices hear of a star, nobody else does', async () => {
  const id = await group(anna, bartek)
  const { id: message_id } = await anna.say(id, 'ważne')
  const [annas, bartkas] = [await anna.listen(), await bartek.listen()]
  await star(bartek, message_id)
  await unstar(bartek, message_id)
  for (const is_starred of [true, false])
    expect(await bartkas.hear('message_starred')).toEqual({ conversation_id: id, message_id, is_starred })
  await bartek.say(id, 'po wszystkim')
  await annas.hear('new_message')
  expect(annas.events.map(({ event }) => event)).not.toContain('message_starred')
})

test.each([
  ['is deleted', (_: number, message: number) => anna.delete(`/api/messages/${message}`)],
  ['is in a group that they left', (id: number) => ewa.delete(`/api/conversations/${id}/members/${ewa.id}`)],
  ['is in a group that was deleted', (id: number) => anna.delete(`/api/conversations/${id}`)],
])('a starred message that %s is not in the list', async (_, happen) => {
  const id = await group(anna, ewa)
  const { id: message } = await anna.say(id, 'ważne')
  await star(ewa, message)
  expect(await idsOf(ewa)).toContain(message)
  await happen(id, message)
  expect(await idsOf(ewa)).not.toContain(message)
})

test('a deleted message cannot be starred', async () => {
  const id = await group(anna, bartek)
  const { id: message } = await anna.say(id, 'pomyłka')
  await anna.delete(`/api/messages/${message}`)
  expect(await star(bartek, message)).toMatchObject({ status: 403, body: { code: 'forbidden' } })
})

test('of thousands of stars, a page reads its own alone', async () => {
  const id = await group(bartek, celina)
  await sql`
    with sent as (
      insert into messages (conversation_id, seq, sender_id, content, content_text)
      select ${id}, 100000 + n, ${celina.id}, '<p>x</p>', 'x' from generate_series(1, 5000) n returning id
    )
    insert into message_stars (user_id, conversation_id, message_id)
    select u.id, ${id}, sent.id from sent, unnest(${[bartek.id, celina.id]}::bigint[]) u (id)`
  await sql`analyze messages, message_stars, conversation_members`
  const { starred } = await import('./store.ts')
  const rows = await sql<{ 'QUERY PLAN': string }[]>`explain (costs off) ${starred(bartek.id, 21, undefined)}`
  const plan = rows.map((row) => row['QUERY PLAN']).join('\n')
  expect(plan).toMatch(/Index Scan Backward using message_stars_newest_idx/)
  expect(plan).not.toMatch(/Seq Scan on (messages|message_stars|conversation_members)/)
})
