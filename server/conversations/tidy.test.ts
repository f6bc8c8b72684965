import { expect, test } from 'vitest'
import { filesOnDisk, upload } from '../testing/files.ts'
import { emptyFolder } from '../testing/folder.ts'
import { type Person, startService } from '../testing/service.ts'

const DATA_DIR = emptyFolder()
const { anna, bartek } = await startService({ DATA_DIR })
const { sql } = await import('../db/client.ts')
const { tidyConversations } = await import('./tidy.ts')

async function groupWithFile(owner: Person, name: string) {
  const { body } = await owner.post('/api/conversations', { name, member_ids: [bartek.id] })
  const id = body.conversation.id as number
  const { attachment } = (await upload(owner, `w pliku ${name}`, 'plik.txt')).body
  const message = await owner.say(id, 'z plikiem', { attachment_ids: [attachment.id] })
  const answer = await owner.say(id, 'odpowiedź', { reply_to_id: message.id })
  await owner.post(`/api/messages/${answer.id}/pin`)
  await bartek.post(`/api/messages/${message.id}/reactions`, { emoji: '👍' })
  return { id, message }
}

const age = (id: number, days: number) =>
  sql`update conversations set deleted_at = now() - ${`${days} days`}::text::interval where id = ${id}`
const isThere = async (id: number) => (await sql`select from conversations where id = ${id}`).length > 0

test('a group is removed 30 days after its deletion, with its files, except those that were forwarded', async () => {
  const [old, fresh, open] = [
    await groupWithFile(anna, 'stara'),
    await groupWithFile(anna, 'świeża'),
    await groupWithFile(anna, 'otwarta'),
  ]
  const forwarded = await groupWithFile(anna, 'podana')
  const place = await anna.talkTo(bartek)
  await anna.post(`/api/messages/${forwarded.message.id}/forward`, { conversation_ids: [place] })
  const files = filesOnDisk(DATA_DIR)
  for (const { id } of [old, fresh, forwarded])
    expect((await anna.delete(`/api/conversations/${id}`)).status).toBeLessThan(300)
  await age(old.id, 31)
  await age(forwarded.id, 31)
  await age(fresh.id, 29)
  await tidyConversations()
  expect(await Promise.all([old, fresh, open, forwarded].map(({ id }) => isThere(id)))).toEqual([
    false,
    true,
    true,
    false,
  ])
  expect(filesOnDisk(DATA_DIR).length).toBe(files.length - 1)
  const left = await sql`select from messages where conversation_id = ${old.id}`
  expect(left).toHaveLength(0)
  await tidyConversations()
  expect(filesOnDisk(DATA_DIR).length).toBe(files.length - 1)
})

test('departures are forgotten after 30 days', async () => {
  const { id } = await groupWithFile(anna, 'opuszczona')
  await anna.delete(`/api/conversations/${id}/members/${bartek.id}`)
  const known = async () =>
    (await sql`select from conversation_departures where conversation_id = ${id}`).length
  for (const [days, left] of [
    [0, 1],
    [29, 1],
    [31, 0],
  ] as const) {
    await sql`
      update conversation_departures set left_at = now() - ${`${days} days`}::text::interval
      where conversation_id = ${id}`
    await tidyConversations()
    expect(await known()).toBe(left)
  }
})
