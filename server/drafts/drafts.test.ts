import { expect, test } from 'vitest'
import { type Person, startService } from '../testing/service.ts'

const { anna, bartek, celina, dawid } = await startService()
const { sql } = await import('../db/client.ts')

const at = (id: number) => `/api/conversations/${id}/draft` as const
const none = { content: '', reply_to_id: null, version: 0 }
const groupOf = async (...others: Person[]): Promise<number> => {
  const member_ids = [dawid, ...others].map(({ id }) => id)
  const { body } = await anna.post('/api/conversations', { name: 'Szkice', member_ids })
  return body.conversation.id
}
const keep = (who: Person, id: number, content: string, version: number, more: object = {}) =>
  who.put(at(id), { content, reply_to_id: null, version, ...more })
const kept = async (who: Person, id: number) => (await who.get(at(id))).body

test('a draft is the same on all devices of its writer, sanitized, and nobody else’s', async () => {
  const id = await groupOf(bartek)
  const [mine, theirs] = await Promise.all([anna.listen(), bartek.listen()])
  expect(await kept(anna, id)).toEqual(none)
  const answer = await keep(anna, id, '<p onclick="x()">Dzień <b>dobry</b></p><script>1</script>', 0)
  const content = '<p>Dzień <strong>dobry</strong></p>'
  expect([answer.status, answer.body]).toEqual([200, { content, reply_to_id: null, version: 1 }])
  expect(await mine.hear('draft_updated')).toEqual({ conversation_id: id, ...answer.body })
  expect(await kept(anna, id)).toEqual(answer.body)
  expect(await kept(bartek, id)).toEqual(none)
  expect((await anna.get('/api/drafts')).body.drafts).toEqual([{ conversation_id: id, ...answer.body }])
  expect((await bartek.get('/api/drafts')).body.drafts).toEqual([])
  await bartek.say(id, 'i tyle')
  await theirs.hear('new_message', ({ message }) => message.content_text === 'i tyle')
  expect(theirs.events.filter(({ event }) => event === 'draft_updated')).toEqual([])
  mine.close()
  theirs.close()
})

test('of two devices the one that saw less is refused, with what is newer, and may then insist', async () => {
  const id = await groupOf()
  await keep(anna, id, 'pierwszy', 0)
  await keep(anna, id, 'drugi', 1)
  const refused = await keep(anna, id, 'stary', 1)
  const newer = { content: '<p>drugi</p>', reply_to_id: null, version: 2 }
  expect([refused.status, refused.body]).toMatchObject([409, { code: 'conflict', status: 409, draft: newer }])
  expect(refused.headers.get('content-type')).toMatch(/^application\/problem\+json/)
  expect((await keep(anna, id, 'a jednak', 2)).body.version).toBe(3)
})

test('of two that save at once one is refused', async () => {
  const id = await groupOf()
  const answers = await Promise.all(['a', 'b', 'c'].map((text) => keep(anna, id, text, 0)))
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 409, 409])
})

test('a send ends the draft, on all devices, and nothing older brings it back', async () => {
  const id = await groupOf(bartek)
  await keep(anna, id, 'Cześć', 0)
  const stream = await anna.listen()
  await anna.say(id, 'Cześć')
  const gone = { conversation_id: id, content: '', reply_to_id: null, version: 2 }
  expect(await stream.hear('draft_updated')).toEqual(gone)
  expect(await kept(anna, id)).toEqual({ ...none, version: 2 })
  const late = await keep(anna, id, 'Cześ', 1)
  expect([late.status, late.body.draft]).toEqual([409, { ...none, version: 2 }])
  expect((await keep(anna, id, 'Nowy', 2)).body.version).toBe(3)
  stream.close()
})

test('a send that was slow leaves a later draft alone', async () => {
  const id = await groupOf()
  await keep(anna, id, 'wysyłany', 0)
  await keep(anna, id, 'późniejszy', 1)
  await anna.say(id, 'wysyłany', { draft_version: 1 })
  expect((await kept(anna, id)).content).toBe('<p>późniejszy</p>')
  await anna.say(id, 'późniejszy', { draft_version: 2 })
  expect((await kept(anna, id)).content).toBe('')
})

test('a draft that is saved while it is sent comes too late', async () => {
  const id = await groupOf()
  // Sent while its first version is on its way here.
  await anna.say(id, 'szybko', { draft_version: 1 })
  expect((await keep(anna, id, 'szybk', 0)).status).toBe(409)
  const { version } = await kept(anna, id)
  await keep(anna, id, 'drugi', version)
  await anna.say(id, 'drugi', { draft_version: version + 2 })
  expect((await keep(anna, id, 'drug', version + 1)).status).toBe(409)
  expect((await kept(anna, id)).content).toBe('')
})

test('what is forwarded, asked, or sent twice ends no draft', async () => {
  const id = await groupOf(bartek)
  const client_id = '0b1f6f0e-3c55-4d0e-9a3c-0c6a7d1b2f10'
  const message = await anna.say(id, 'raz', { client_id })
  await keep(anna, id, 'zostaje', 0)
  await anna.say(id, 'raz', { client_id })
  const poll = { question: 'Kto?', options: ['Ja', 'Ty'], is_multiple: false, is_secret: false }
  const answers = [
    await anna.post(`/api/messages/${message.id}/forward`, { conversation_ids: [id] }),
    await anna.post(`/api/conversations/${id}/polls`, poll),
    await anna.patch(`/api/conversations/${id}`, { name: 'Inaczej' }),
    await anna.post('/messages' as string, { chat_id: id, content: 'z innego programu' }),
  ]
  expect(answers.map(({ status }) => status)).toEqual([201, 201, 200, 201])
  await bartek.say(id, 'cudza')
  expect(await kept(anna, id)).toMatchObject({ content: '<p>zostaje</p>', version: 1 })
})

test('a deleted draft is gone, and what was on its way comes too late', async () => {
  const id = await groupOf()
  await keep(anna, id, 'jest', 0)
  expect((await anna.delete(at(id))).status).toBe(204)
  expect((await kept(anna, id)).content).toBe('')
  expect((await keep(anna, id, 'jest i', 1)).status).toBe(409)
  const { version } = await kept(anna, id)
  expect((await anna.delete(at(id))).status).toBe(204)
  expect((await keep(anna, id, 'znów', version)).status).toBe(409)
})

test('an emptied draft is none, but for what it replies to', async () => {
  const id = await groupOf()
  const { id: reply_to_id } = await anna.say(id, 'pytanie')
  await keep(anna, id, 'x', 0)
  expect((await keep(anna, id, ' ', 1)).body).toEqual({ ...none, version: 2 })
  expect((await keep(anna, id, '', 2, { reply_to_id })).body).toEqual({ ...none, reply_to_id, version: 3 })
  expect(await kept(anna, id)).toEqual({ ...none, reply_to_id, version: 3 })
})

const refused: [string, object, number][] = [
  ['without a version', { version: undefined }, 400],
  ['of a negative version', { version: -1 }, 400],
  ['with no text', { content: 7 }, 400],
  ['that is too long', { content: 'x'.repeat(20_001) }, 400],
  ['that is too large', { content: `<p>${'<b>x</b>'.repeat(9000)}</p>` }, 413],
  ['that replies to nothing', { reply_to_id: 999_999 }, 400],
]
test.each(refused)('a draft %s is refused', async (_, wrong, status) => {
  const id = await groupOf()
  expect((await keep(anna, id, 'dobry', 0, wrong)).status).toBe(status)
  expect(await kept(anna, id)).toEqual(none)
})

test('a reply to a message of elsewhere is refused', async () => {
  const [here, there] = [await groupOf(), await groupOf()]
  const { id: reply_to_id } = await anna.say(there, 'gdzie indziej')
  expect((await keep(anna, here, 'x', 0, { reply_to_id })).body).toMatchObject({
    status: 400,
    errors: [{ path: 'reply_to_id' }],
  })
})

test('a draft ends with the membership, with the conversation, and with the account', async () => {
  const id = await groupOf(celina)
  for (const who of [celina, dawid, anna]) await keep(who, id, 'moje', 0)
  await anna.delete(`/api/conversations/${id}/members/${celina.id}`)
  expect((await celina.get(at(id))).status).toBe(404)
  await anna.post(`/api/conversations/${id}/members`, { user_ids: [celina.id] })
  // Browsers remember that they have seen version 1: what is new must be newer for them.
  expect(await kept(celina, id)).toEqual({ ...none, version: 2 })
  expect((await keep(celina, id, 'z dawna', 1)).status).toBe(409)
  expect((await keep(celina, id, 'na nowo', 2)).body.version).toBe(3)
  await anna.delete(`/api/conversations/${id}`)
  expect((await anna.get(at(id))).status).toBe(404)
  expect((await anna.get('/api/drafts')).body.drafts.map((each) => each.conversation_id)).not.toContain(id)

  const [gone] = await sql<[{ id: number }]>`
    insert into users (email, username, name) values ('g@example.org', 'gosia', 'Gosia') returning id`
  const { body } = await anna.post('/api/conversations', { user_id: gone.id })
  await sql`
    insert into conversation_drafts (user_id, conversation_id, content, version)
    values (${gone.id}, ${body.conversation.id}, '<p>x</p>', 1)`
  await sql`delete from users where id = ${gone.id}`
  expect(await sql`select from conversation_drafts where conversation_id = ${body.conversation.id}`).toEqual(
    [],
  )
})
