import { expect, test } from 'vitest'
import { limits } from '../contract/limits.ts'
import { type Person, startService } from '../testing/service.ts'

const { anna, bartek, celina, dawid, ewa } = await startService()
const { sql } = await import('../db/client.ts')

const mention = ({ id }: { id: number }, name = '@ktoś') =>
  `<span class="mention" data-user-id="${id}">${name}</span>`
const groupOf = async (owner: Person, ...others: Person[]): Promise<number> =>
  (await owner.post('/api/conversations', { name: 'Zarząd', member_ids: others.map(({ id }) => id) })).body
    .conversation.id
const group = await groupOf(anna, bartek, celina)
const unread = async (who: Person, id: number) =>
  (await who.get(`/api/conversations/${id}`)).body.conversation.unread_mentions

test('a message mentions members by the names that the service knows', async () => {
  const stream = await celina.listen()
  const message = await anna.say(
    group,
    `<p>${mention(bartek, '@Prezes')} i ${mention(celina)}, ${mention(bartek)}</p>`,
  )
  expect(message).toMatchObject({
    content: `<p>${mention(bartek, '@Bartek Zieliński')} i ${mention(celina, '@Celina Wójcik')}, ${mention(bartek, '@Bartek Zieliński')}</p>`,
    content_text: '@Bartek Zieliński i @Celina Wójcik, @Bartek Zieliński',
    mentions: [bartek.id, celina.id],
  })
  const heard = await stream.hear('new_message', ({ message: { id } }) => id === message.id)
  expect(heard.message).toEqual(message)
  expect((await bartek.get(`/api/conversations/${group}/messages`)).body.messages.at(-1)).toEqual(message)
  stream.close()
})

const people: [string, () => Promise<number> | number, boolean][] = [
  ['a member', () => bartek.id, true],
  ['oneself', () => anna.id, true],
  ['somebody who is no member', () => dawid.id, false],
  ['nobody', () => 999_999, false],
  [
    'the placeholder of those whose accounts are gone',
    async () => (await sql`select departed_user() as id`)[0]!.id,
    false,
  ],
]

test.each(people)('a mention of %s: kept %s', async (_, whom, isKept) => {
  const id = await whom()
  const message = await anna.say(group, `<p>do ${mention({ id }, '@Nikt')}</p>`)
  expect(message.mentions).toEqual(isKept ? [id] : [])
  if (!isKept) expect(message.content).toBe('<p>do @Nikt</p>')
})

test('who has left or whose account has ended cannot be mentioned, and an edit says so', async () => {
  const id = await groupOf(anna, bartek, celina)
  const content = `<p>${mention(bartek)} ${mention(celina)}</p>`
  const message = await anna.say(id, content)
  await bartek.delete(`/api/conversations/${id}/members/${bartek.id}`)
  await sql`update users set is_active = false where id = ${celina.id}`
  expect((await anna.say(id, content)).content).toBe('<p>@ktoś @ktoś</p>')
  const { body } = await anna.patch(`/api/messages/${message.id}`, { content: message.content })
  expect(body.message.content).toBe('<p>@Bartek Zieliński @Celina Wójcik</p>')
  await sql`update users set is_active = true where id = ${celina.id}`
})

test.each([
  ['<b onclick=x>A</b> & "B"', '@&lt;b onclick=x&gt;A&lt;/b&gt; &amp; "B"'],
  ['\u202eanna\u2066 \n x', '@anna x'],
  ['👩‍🚀 سلمى', '@👩‍🚀 سلمى'],
  ['\u200b\u202e', '@dawid'],
])('a name like %j is written so that it changes nothing but itself', async (name, written) => {
  await sql`update users set name = ${name} where id = ${dawid.id}`
  const id = await groupOf(anna, dawid)
  expect((await anna.say(id, `<p>${mention(dawid)}!</p>`)).content).toBe(`<p>${mention(dawid, written)}!</p>`)
  await sql`update users set name = 'Dawid Żółkiewski' where id = ${dawid.id}`
})

test('a name stays as it was when the message was written', async () => {
  const message = await anna.say(group, `<p>${mention(bartek)}</p>`)
  await bartek.patch('/api/users/me/settings', { display_name: 'Bartłomiej' })
  const { body } = await celina.get(`/api/conversations/${group}/messages`)
  expect(body.messages.at(-1)).toEqual(message)
  expect((await anna.say(group, `<p>${mention(bartek)}</p>`)).content_text).toBe('@Bartłomiej')
  await bartek.patch('/api/users/me/settings', { display_name: 'Bartek Zieliński' })
})

test('of more people than a message may mention the last are text', async () => {
  const ids = Array.from({ length: limits.messageMentions }, (_, i) => mention({ id: 10_000 + i }, '@x'))
  expect((await anna.say(group, `<p>${ids.join('')}${mention(bartek)}</p>`)).mentions).toEqual([])
  expect((await anna.say(group, `<p>${ids.slice(1).join('')}${mention(bartek)}</p>`)).mentions).toEqual([
    bartek.id,
  ])
})

test('unread mentions are counted until they are read, edited out or deleted', async () => {
  const id = await groupOf(anna, bartek, celina)
  const first = await anna.say(id, `<p>${mention(bartek)} ${mention(anna)}</p>`)
  const second = await anna.say(id, `<p>${mention(bartek)}</p>`)
  const third = await anna.say(id, '<p>nikt</p>')
  expect([await unread(bartek, id), await unread(celina, id), await unread(anna, id)]).toEqual([2, 0, 0])
  await anna.patch(`/api/messages/${first.id}`, { content: `<p>${mention(celina)}</p>` })
  expect([await unread(bartek, id), await unread(celina, id)]).toEqual([1, 1])
  await anna.patch(`/api/messages/${first.id}`, { content: `<p>${mention(bartek)}</p>` })
  expect([await unread(bartek, id), await unread(celina, id)]).toEqual([2, 0])
  await anna.delete(`/api/messages/${second.id}`)
  expect(await unread(bartek, id)).toBe(1)
  await bartek.post(`/api/conversations/${id}/read`, { message_id: first.id })
  expect(await unread(bartek, id)).toBe(0)
  await anna.patch(`/api/messages/${third.id}`, { content: `<p>${mention(bartek)}</p>` })
  expect(await unread(bartek, id)).toBe(1)
  const stored = await sql`select from message_mentions where message_id = ${second.id}`
  expect(stored).toEqual([])
})

test('an edit that brings a mention says so by its content', async () => {
  const message = await anna.say(group, '<p>zwykła</p>')
  const stream = await bartek.listen()
  const { body } = await anna.patch(`/api/messages/${message.id}`, { content: `<p>${mention(bartek)}</p>` })
  expect(body.message.mentions).toEqual([bartek.id])
  const heard = await stream.hear('message_edited')
  expect(heard.new_content).toBe(body.message.content)
  stream.close()
})

test('forwarded, who is no member there is only named', async () => {
  const message = await anna.say(group, `<p><em>${mention(bartek)}</em> i ${mention(celina)}</p>`)
  const [there, direct] = [await groupOf(anna, celina, ewa), await anna.talkTo(bartek)]
  const { body } = await anna.post(`/api/messages/${message.id}/forward`, {
    conversation_ids: [there, direct],
  })
  const found = new Map(body.messages.map((each) => [each.conversation_id, each]))
  expect(found.get(there)).toMatchObject({
    content: `<p><em>@Bartek Zieliński</em> i ${mention(celina, '@Celina Wójcik')}</p>`,
    content_text: message.content_text,
    mentions: [celina.id],
  })
  expect(found.get(direct)).toMatchObject({
    content: `<p><em>${mention(bartek, '@Bartek Zieliński')}</em> i @Celina Wójcik</p>`,
    mentions: [bartek.id],
  })
  expect([await unread(celina, there), await unread(bartek, direct)]).toEqual([1, 1])
})

test('who is no member learns by the length of a name neither it nor whose it is', async () => {
  const content = (who: Person) => `<p>${mention(who, '@')}${'x'.repeat(19_999)}</p>`
  for (const who of [bartek, ewa]) {
    const { status } = await dawid.post(`/api/conversations/${group}/messages`, { content: content(who) })
    expect(status).toBe(404)
  }
})

test('muting a 1:1 mutes mentions, too', async () => {
  const id = await anna.talkTo(bartek)
  const settings = (wanted: object) => bartek.patch(`/api/conversations/${id}/settings`, wanted)
  expect((await settings({ is_muted: true })).body.conversation).toMatchObject({ notify: 'none' })
  await anna.say(id, `<p>${mention(bartek)}</p>`)
  const { body } = await bartek.get(`/api/conversations/${id}`)
  expect(body.conversation).toMatchObject({ unread_mentions: 0, notify: 'none' })
  expect((await settings({ is_muted: false })).body.conversation).toMatchObject({ notify: 'all' })
})

const settings: [string, object, object][] = [
  ['muting', { is_muted: true }, { is_muted: true, notify: 'mentions' }],
  ['choosing nothing', { notify: 'none' }, { is_muted: true, notify: 'none' }],
  ['muting what is silent', { is_muted: true }, { is_muted: true, notify: 'none' }],
  ['choosing mentions', { notify: 'mentions' }, { is_muted: true, notify: 'mentions' }],
  ['archiving', { is_archived: true }, { is_muted: true, notify: 'mentions', is_archived: true }],
  ['silencing again', { notify: 'none', is_archived: false }, { is_muted: true, notify: 'none' }],
  ['unmuting', { is_muted: false }, { is_muted: false, notify: 'all' }],
  ['muting anew', { is_muted: true }, { is_muted: true, notify: 'mentions' }],
  ['choosing everything', { notify: 'all' }, { is_muted: false, notify: 'all' }],
  ['saying both', { is_muted: false, notify: 'none' }, { is_muted: true, notify: 'none' }],
]

test('muted and what one is notified of are one setting with two names', async () => {
  const id = await groupOf(anna, bartek)
  for (const [what, wanted, expected] of settings) {
    const { body } = await bartek.patch(`/api/conversations/${id}/settings`, wanted)
    expect(body.conversation, what).toMatchObject(expected)
  }
  expect((await bartek.patch(`/api/conversations/${id}/settings`, { notify: 'some' })).status).toBe(400)
})

test.each([
  ['all', 2, 1],
  ['mentions', 1, 1],
  ['none', 0, 0],
] as const)(
  'with %s, %i messages and %i mentions of a conversation are to be noticed',
  async (notify, total, mentions) => {
    await bartek.post(`/api/conversations/${group}/read`)
    const id = await groupOf(dawid, ewa)
    const before = (await ewa.get('/api/conversations')).body.unread_total
    await ewa.patch(`/api/conversations/${id}/settings`, { notify })
    await dawid.say(id, '<p>zwykła</p>')
    await dawid.say(id, `<p>${mention(ewa)}</p>`)
    const { body } = await ewa.get('/api/conversations')
    expect(body.unread_total - before).toBe(total)
    const there = body.conversations.find((each) => each.id === id)
    expect(there).toMatchObject({ unread_count: 2, unread_mentions: mentions })
  },
)

test('an account can be deleted while somebody mentions it', async () => {
  const [gone] = await sql<[{ id: number }]>`
    insert into users (email, username, name) values ('gosia@example.org', 'gosia', 'Gosia') returning id`
  const { body } = await anna.post('/api/conversations', { name: 'Razem', member_ids: [gone.id] })
  const { id } = body.conversation
  let deleting: Promise<unknown> = Promise.resolve()
  await sql.begin(async (tx) => {
    await tx`select from conversations where id = ${id} for no key update`
    deleting = sql`delete from users where id = ${gone.id}`.execute()
    await expect
      .poll(
        () =>
          sql`select from pg_stat_activity where wait_event_type = 'Lock' and query like 'delete from users%'`,
      )
      .toHaveLength(1)
    const content = `<p><span class="mention" data-user-id="${gone.id}">@Gosia</span></p>`
    await tx`select from send_message(${id}, ${anna.id}, ${content}, '@Gosia')`
    const stored = await tx`select from message_mentions where user_id = ${gone.id}`
    expect(stored).toHaveLength(1)
  })
  await deleting
  expect(await sql`select from message_mentions where user_id = ${gone.id}`).toHaveLength(0)
})
