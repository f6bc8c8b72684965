import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import { type Person, startService } from '../testing/service.ts'

/** A portal deletes users with statements of its own. What they wrote stays, and no group is left without an owner. */
const { guest, bartek, celina } = await startService()
const { sql } = await import('../db/client.ts')

async function newcomer(): Promise<Person> {
  const person = guest()
  const username = `nowa${randomUUID().slice(0, 8)}`
  const body = {
    email: `${username}@example.org`,
    username,
    display_name: 'Nowa Osoba',
    password: 'tajne-haslo',
  }
  person.id = (await person.post('/api/auth/register', body)).body.user.id
  return person
}

async function groupOf(owner: Person, ...others: Person[]): Promise<number> {
  const member_ids = others.map(({ id }) => id)
  const { body } = await owner.post('/api/conversations', { name: 'Zarząd', member_ids })
  return body.conversation.id
}

const deleteUsers = (...people: Person[]) =>
  sql`delete from users where id = any(${people.map(({ id }) => id)})`
const messagesOf = async (person: Person, id: number) =>
  (await person.get(`/api/conversations/${id}/messages`)).body.messages
const conversationOf = async (person: Person, id: number) =>
  (await person.get(`/api/conversations/${id}`)).body.conversation

test('a 1:1 keeps its place, with “Usunięte konto” in it', async () => {
  const gone = await newcomer()
  const id = await gone.talkTo(bartek)
  const said = await gone.say(id, 'to zostaje', { client_id: randomUUID() })
  await bartek.say(id, 'odpowiedź', { reply_to_id: said.id })
  const before = await messagesOf(bartek, id)
  await deleteUsers(gone)
  const after = await messagesOf(bartek, id)
  expect(after.map(({ id, seq, content_text }) => ({ id, seq, content_text }))).toEqual(
    before.map(({ id, seq, content_text }) => ({ id, seq, content_text })),
  )
  const departed = after[0]!.sender_id
  expect(departed).not.toBe(gone.id)
  expect(JSON.stringify(after)).not.toContain('Nowa Osoba')
  expect((await conversationOf(bartek, id)).title).toBe('Usunięte konto')
  expect((await conversationOf(bartek, id)).members!.map(({ user_id }) => user_id).sort()).toEqual(
    [bartek.id, departed].sort(),
  )
  const { body } = await bartek.get('/api/users?query=Usuni%C4%99te')
  expect(body.users).toEqual([])
})

test('a group that loses its owner goes to the longest-standing member, who may rename it', async () => {
  const gone = await newcomer()
  const id = await groupOf(gone, bartek)
  await gone.post(`/api/conversations/${id}/members`, { user_ids: [celina.id] })
  const said = await gone.say(id, 'w grupie')
  expect((await gone.post(`/api/messages/${said.id}/pin`)).status).toBeLessThan(300)
  await deleteUsers(gone)
  const conversation = await conversationOf(celina, id)
  expect(conversation).toMatchObject({ owner_id: bartek.id, member_count: 2 })
  expect(conversation.members!.map(({ user_id, role }) => [user_id, role])).toEqual([
    [bartek.id, 'owner'],
    [celina.id, 'member'],
  ])
  expect((await bartek.patch(`/api/conversations/${id}`, { name: 'Nowy zarząd' })).status).toBe(200)
  expect((await messagesOf(celina, id)).some((each) => each.id === said.id)).toBe(true)
  expect((await bartek.say(id, 'dalej')).id).toBeGreaterThan(said.id)
})

test('active members come before inactive ones, and deleted ones are skipped', async () => {
  const [gone, too, idle] = [await newcomer(), await newcomer(), await newcomer()]
  const id = await groupOf(gone, idle, too, bartek)
  await sql`update users set is_active = false where id = ${idle.id}`
  await deleteUsers(gone, too)
  expect((await conversationOf(bartek, id)).owner_id).toBe(bartek.id)
})

test('the remaining members see it within seconds', async () => {
  const gone = await newcomer()
  const id = await groupOf(gone, bartek, celina)
  const stream = await bartek.listen()
  await deleteUsers(gone)
  const received = await stream.hear('conversation_updated', ({ conversation_id }) => conversation_id === id)
  expect(received.conversation.owner_id).toBe(bartek.id)
  stream.close()
})

test('a user can be deleted whatever they leave behind', async () => {
  const client_id = randomUUID()
  const [one, two] = [await newcomer(), await newcomer()]
  const together = await one.talkTo(two)
  const notes = await one.talkTo(one)
  const alone = await groupOf(one, two)
  const withBartek = [await one.talkTo(bartek), await two.talkTo(bartek)]
  const group = await groupOf(bartek, one, two)
  for (const [who, id] of [
    [one, together],
    [one, notes],
    [one, alone],
    [one, withBartek[0]!],
    [two, withBartek[1]!],
    [one, group],
  ] as const) {
    const message = await who.say(id, 'cokolwiek', who === one && id !== group ? {} : { client_id })
    await who.post(`/api/messages/${message.id}/reactions`, { emoji: '👍' })
    await who.post(`/api/messages/${message.id}/pin`)
    await who.patch(`/api/messages/${message.id}`, { content: 'poprawione' })
  }
  expect((await deleteUsers(one, two)).count).toBe(2)
  // The placeholder user is needed: deleting it is not refused, but loses nothing.
  await sql`delete from users where email = 'usuniete-konto@rozmowa.invalid'`
  for (const id of [...withBartek, group]) {
    expect((await conversationOf(bartek, id)).id).toBe(id)
    expect((await messagesOf(bartek, id)).length).toBeGreaterThan(0)
  }
  const left = await sql<{ id: number }[]>`
    select id from conversations where id = any(${[together, notes, alone]}) and deleted_at is null`
  expect(left).toEqual([])
  expect((await sql`select from users where email = 'usuniete-konto@rozmowa.invalid'`).length).toBe(1)
})
