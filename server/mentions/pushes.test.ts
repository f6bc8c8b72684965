import { expect, test } from 'vitest'
import { groupOf, startPushing } from '../testing/pushing.ts'

const { later, pushes, subscribe, service } = await startPushing()
const { anna, bartek } = service
const { sql } = await import('../db/client.ts')

const mention = `<p>Pytanie: <span class="mention" data-user-id="${bartek.id}">@Bartek</span></p>`
const words = 'Anna Kowalska: Pytanie: @Bartek Zieliński'
const edit = (id: number, content: string) => anna.patch(`/api/messages/${id}`, { content })
const bodies = () => pushes.received.map(({ payload }) => payload.body)

async function group(notify: 'all' | 'mentions' | 'none'): Promise<number> {
  const id = await groupOf(anna, 'Zarząd', bartek)
  await bartek.patch(`/api/conversations/${id}/settings`, { notify })
  return id
}

test.each([
  ['all', ['zwykła'], ['Anna Kowalska: zwykła']],
  ['all', [mention], [words]],
  ['mentions', ['zwykła'], []],
  ['mentions', [mention], [words]],
  // Only of the newest that concerns them.
  ['mentions', ['zwykła', mention, 'druga'], [words]],
  ['none', ['zwykła', mention], []],
] as const)('with %s, of %j what is pushed is %j', async (notify, contents, pushed) => {
  const id = await group(notify)
  await subscribe(bartek)
  for (const content of contents) await anna.say(id, content)
  await later()
  await later()
  expect(bodies()).toEqual(pushed)
})

test.each([
  ['it is read', (id: number) => bartek.post(`/api/conversations/${id}/read`)],
  ['it is deleted', (_: number, message: number) => anna.delete(`/api/messages/${message}`)],
  ['an edit takes it out', (_: number, message: number) => edit(message, 'bez')],
])(
  'nothing is pushed about a mention in a muted conversation when, before it leaves, %s',
  async (_, happen) => {
    const id = await group('mentions')
    await subscribe(bartek)
    const { id: message } = await anna.say(id, mention)
    await happen(id, message)
    await later()
    expect(pushes.asked).toEqual([])
  },
)

test('a mention that an edit brings is pushed once', async () => {
  const id = await group('mentions')
  await subscribe(bartek)
  const { id: message } = await anna.say(id, 'zwykła')
  await anna.say(id, 'druga')
  await later()
  expect(bodies()).toEqual([])
  for (let times = 0; times < 2; times++) {
    await edit(message, mention)
    await later()
    expect(bodies()).toEqual([words])
    await edit(message, 'zwykła')
  }
})

test('who was told of the message is not told again when an edit mentions them', async () => {
  const id = await group('all')
  await subscribe(bartek)
  const { id: message } = await anna.say(id, 'zwykła')
  await later()
  await edit(message, mention)
  await later()
  expect(bodies()).toEqual(['Anna Kowalska: zwykła'])
})

test.each([
  ['lasts', '1 hour', []],
  ['has ended', '-1 second', ['Anna Kowalska: zwykła']],
])('while a mute for a time %s, what is pushed is %j', async (_, until, pushed) => {
  const id = await group('mentions')
  await sql`
    update conversation_members set muted_until = now() + ${until}::interval
    where conversation_id = ${id} and user_id = ${bartek.id}`
  await subscribe(bartek)
  await anna.say(id, 'zwykła')
  await later()
  expect(bodies()).toEqual(pushed)
})

test('what is marked as unread after it was read is not pushed', async () => {
  const id = await group('all')
  await subscribe(bartek)
  const { id: message_id } = await anna.say(id, 'zwykła')
  await bartek.post(`/api/conversations/${id}/read`)
  await bartek.post(`/api/conversations/${id}/unread`, { message_id })
  await later()
  expect(bodies()).toEqual([])
})
