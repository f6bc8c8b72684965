import { existsSync, mkdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { filesOnDisk, picture, upload } from '../testing/files.ts'
import { startService } from '../testing/service.ts'

const { anna, bartek, celina } = await startService()
const { sql } = await import('../db/client.ts')
const { sweep } = await import('./sweep.ts')
const { isDoubtful } = await import('./tidy.ts')
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

/** A file left behind by a crash so many hours ago. */
function leave(path: string, hours: number) {
  mkdirSync(join(data, path, '..'), { recursive: true })
  writeFileSync(join(data, path), 'x')
  const time = Date.now() / 1000 - hours * 3600
  utimesSync(join(data, path), time, time)
  return path
}

test('uploads not sent within a day are removed with their files; sent ones stay', async () => {
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

test('unreferenced files are removed after a day, those of an upload after an hour', async () => {
  const names = ['attachments/a', 'attachments/a-thumbnail', 'attachments/b', 'uploads/c', 'uploads/d']
  for (const [i, hours] of [25, 25, 23, 2, 0.5].entries()) leave(names[i]!, hours)
  // A known file of the same age, so that the database is trusted.
  for (const file of await filesOf(await uploaded())) utimesSync(join(data, file), 0, 0)
  await sweep()
  expect(filesOnDisk().filter((file) => names.includes(file))).toEqual(['uploads/d', 'attachments/b'])
})

test('a database that knows none of the files is not trusted', async () => {
  const files = filesOnDisk()
  for (const file of files.filter((each) => each.startsWith('attachments/')))
    utimesSync(join(data, file), 0, 0)
  await sql`update message_attachments set stored_filename = 'other-' || stored_filename`
  await sweep()
  expect(filesOnDisk()).toEqual(files)
  await sql`update message_attachments set stored_filename = substr(stored_filename, 7)`
})

/** A file in the trash, discarded so many days ago. */
const thrownAway = (name: string, days: number) => leave(`trash/attachments/${name}`, days * 24)
const inTrash = (name: string) => existsSync(join(data, 'trash/attachments', name))

test('discarded files stay for 30 days, and come back when a row references them again', async () => {
  const id = await uploaded()
  const files = await filesOf(id)
  const [name, small] = files.map((file) => file.split('/')[1]!) as [string, string]
  // A backup of the day before does not know it.
  await sql`update message_attachments set stored_filename = 'x' || stored_filename where id = ${id}`
  for (const file of files) utimesSync(join(data, file), 0, 0)
  for (const file of await filesOf(await uploaded())) utimesSync(join(data, file), 0, 0)
  await Promise.all([sweep(), sweep()])
  expect([inTrash(name), inTrash(small)]).toEqual([true, true])
  expect(filesOnDisk().filter((file) => files.includes(file))).toEqual([])
  thrownAway('dawny', 31)
  thrownAway('nowszy', 29)
  await sweep()
  expect(['dawny', 'nowszy', name, small].map(inTrash)).toEqual([false, true, true, true])
  await sql`update message_attachments set stored_filename = ${name} where id = ${id}`
  expect((await anna.get(`/api/attachments/${id}`)).status).toBe(404)
  await Promise.all([sweep(), sweep()])
  expect((await anna.get(`/api/attachments/${id}`)).status).toBe(200)
  expect((await anna.get(`/api/attachments/${id}/thumbnail`)).status).toBe(200)
})

test('unsent uploads are only discarded, for a restored backup may not know that they were sent', async () => {
  const id = await uploaded()
  const [file] = await filesOf(id)
  await age([id])
  await sweep()
  expect([await remaining([id]), inTrash(file!.split('/')[1]!)]).toEqual([[], true])
})

test('when many files are unknown, nothing is removed', async () => {
  const many = Array.from({ length: 21 }, (_, i) => leave(`attachments/unknown-${i}`, 25))
  thrownAway('over', 31)
  const unsent = await uploaded()
  await age([unsent])
  await sweep()
  expect(filesOnDisk()).toEqual(expect.arrayContaining(many))
  expect([inTrash('over'), await remaining([unsent])]).toEqual([true, [unsent]])
  rmSync(join(data, many[0]!))
  await sweep()
  expect(filesOnDisk().filter((file) => many.includes(file))).toEqual([])
  expect([inTrash('over'), await remaining([unsent])]).toEqual([false, []])
})

test('for a week after a restore nothing is removed', async () => {
  const unknown = leave('attachments/newer', 25)
  for (const file of await filesOf(await uploaded())) utimesSync(join(data, file), 0, 0)
  const unsent = await uploaded()
  await age([unsent])
  const history = join(data, 'history')
  writeFileSync(history, 'another')
  await Promise.all([sweep(), sweep()])
  await sweep()
  expect([filesOnDisk().includes(unknown), await remaining([unsent])]).toEqual([true, [unsent]])
  utimesSync(history, 0, Date.now() / 1000 - 8 * 24 * 3600)
  await sweep()
  expect([filesOnDisk().includes(unknown), await remaining([unsent])]).toEqual([false, []])
  expect(inTrash('newer')).toBe(true)
})

test.each([
  [0, 0, false],
  [0, 1, true],
  [1, 1, false],
  [1, 20, false],
  [1, 21, true],
  [189, 21, false],
  [188, 21, true],
  [1000, 100, false],
  [1000, 112, true],
  [5, 0, false],
])('with %i known and %i unknown files the database is doubtful: %s', (known, unknown, doubtful) => {
  expect(isDoubtful({ known, unknown: Array(unknown).fill('x') })).toBe(doubtful)
})

test('files are removed with their message, unless a forwarded one has them too', async () => {
  const [first, second] = [await anna.talkTo(bartek), await anna.talkTo(celina)]
  const id = await uploaded()
  const files = await filesOf(id)
  const there = () => filesOnDisk().filter((file) => files.includes(file)).length
  const message = await anna.say(first, 'zobacz', { attachment_ids: [id] })
  const forwarded = await anna.post(`/api/messages/${message.id}/forward`, { conversation_ids: [second] })
  expect(forwarded.status).toBe(201)
  const [copy] = forwarded.body.messages
  expect(copy!.attachments).toHaveLength(1)
  await anna.delete(`/api/messages/${message.id}`)
  expect(there()).toBe(2)
  expect((await celina.get(copy!.attachments[0]!.url)).status).toBe(200)
  expect((await bartek.get(copy!.attachments[0]!.url)).status).toBe(404)
  await anna.delete(`/api/messages/${copy!.id}`)
  await expect.poll(there).toBe(0)
  // A deleted message is gone for good, so its files do not go to the trash.
  expect(files.map((file) => inTrash(file.split('/')[1]!))).toEqual([false, false])
})
