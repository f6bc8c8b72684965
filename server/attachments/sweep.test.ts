import { mkdirSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { filesOnDisk, picture, upload } from '../testing/files.ts'
import { startService } from '../testing/service.ts'

const { anna, bartek, celina } = await startService()
const { sql } = await import('../db/client.ts')
const { sweep } = await import('./sweep.ts')
const png = await picture(20, 20).png().toBuffer()
const data = process.env.DATA_DIR!

const uploaded = async (content: string | Buffer = png) =>
  (await upload(anna, content, 'a.png')).body.attachment.id
const age = (ids: number[]) =>
  sql`update message_attachments set created_at = now() - interval '25 hours' where id = any(${ids})`
const remaining = async (ids: number[]) =>
  (await sql<{ id: number }[]>`select id from message_attachments where id = any(${ids}) order by id`).map(
    ({ id }) => id,
  )
const filesOf = async (id: number) => {
  const [row] = await sql<
    { name: string }[]
  >`select stored_filename as name from message_attachments where id = ${id}`
  return [`attachments/${row!.name}`, `attachments/${row!.name}-thumbnail`]
}

/** A file as a crash left it so many hours ago. */
function leave(path: string, hours: number) {
  mkdirSync(join(data, path, '..'), { recursive: true })
  writeFileSync(join(data, path), 'x')
  const time = Date.now() / 1000 - hours * 3600
  utimesSync(join(data, path), time, time)
  return path
}

test('what nobody sent within a day is removed, with its files; what was sent stays', async () => {
  const conversation = await anna.talkTo(bartek)
  const [old, young, sent] = [await uploaded(), await uploaded(), await uploaded()]
  await anna.say(conversation, '', { attachment_ids: [sent] })
  const [legacy] = await sql<{ id: number }[]>`
    insert into message_attachments (filename, stored_filename, mime_type, file_size)
    values ('stary.pdf', 'stary', 'application/pdf', 1) returning id`
  await age([old, sent, legacy!.id])
  const [gone, kept] = [await filesOf(old), [...(await filesOf(young)), ...(await filesOf(sent))]]
  await Promise.all([sweep(), sweep(), sweep()])
  expect(await remaining([old, young, sent, legacy!.id])).toEqual([young, sent, legacy!.id])
  expect(filesOnDisk().filter((file) => gone.includes(file))).toEqual([])
  expect(filesOnDisk()).toEqual(expect.arrayContaining(kept))
  expect(
    (await anna.post(`/api/conversations/${conversation}/messages`, { content: '', attachment_ids: [old] }))
      .status,
  ).toBe(400)
})

test('files of nobody are removed a day after, those of an upload after an hour', async () => {
  const names = ['attachments/a', 'attachments/a-thumbnail', 'attachments/b', 'uploads/c', 'uploads/d']
  for (const [i, hours] of [25, 25, 23, 2, 0.5].entries()) leave(names[i]!, hours)
  // A file that is known, and as old: the database is theirs.
  for (const file of await filesOf(await uploaded())) utimesSync(join(data, file), 0, 0)
  await sweep()
  expect(filesOnDisk().filter((file) => names.includes(file))).toEqual(['uploads/d', 'attachments/b'])
})

test('a database that knows none of the files is not believed', async () => {
  const files = filesOnDisk()
  for (const file of files.filter((each) => each.startsWith('attachments/')))
    utimesSync(join(data, file), 0, 0)
  await sql`update message_attachments set stored_filename = 'other-' || stored_filename`
  await sweep()
  expect(filesOnDisk()).toEqual(files)
  await sql`update message_attachments set stored_filename = substr(stored_filename, 7)`
})

test('files go with their message, but not while a forwarded one has them too', async () => {
  const [first, second] = [await anna.talkTo(bartek), await anna.talkTo(celina)]
  const id = await uploaded()
  const files = await filesOf(id)
  const there = () => filesOnDisk().filter((file) => files.includes(file)).length
  const message = await anna.say(first, 'zobacz', { attachment_ids: [id] })
  const forwarded = await anna.post(`/api/messages/${message.id}/forward`, { conversation_ids: [second] })
  expect(forwarded.status).toBe(201)
  const [copy] = forwarded.body.messages
  expect(copy.attachments).toHaveLength(1)
  await anna.delete(`/api/messages/${message.id}`)
  expect(there()).toBe(2)
  expect((await celina.get(copy.attachments[0].url)).status).toBe(200)
  expect((await bartek.get(copy.attachments[0].url)).status).toBe(404)
  await anna.delete(`/api/messages/${copy.id}`)
  await expect.poll(there).toBe(0)
})
