import { expect, test } from 'vitest'
import { filesOnDisk, picture, said, upload } from '../testing/files.ts'
import { startService } from '../testing/service.ts'

const { anna, bartek } = await startService()
const { sql } = await import('../db/client.ts')

const most = 500 * 1024 * 1024
const resize = (id: number, size: number) =>
  sql`update message_attachments set file_size = ${size} where id = ${id}`

test('nobody keeps more than 500 MiB waiting to be sent', async () => {
  const { body } = await upload(anna, 'a', 'a.txt')
  await resize(body.attachment.id, most - 10)
  expect((await upload(anna, 'x'.repeat(10), 'b.txt')).status).toBe(201)
  const before = filesOnDisk()

  const refused = await upload(anna, 'x', 'c.txt')
  expect(said(refused)).toEqual([413, 'payload_too_large'])
  expect(refused.body.detail).toMatch(/not sent/)
  const image = await picture(10, 10).png().toBuffer()
  expect(said(await upload(anna, image, 'c.png'))).toEqual([413, 'payload_too_large'])
  expect(filesOnDisk()).toEqual(before)
  expect((await upload(bartek, 'x', 'c.txt')).status).toBe(201)

  const id = await anna.talkTo(bartek)
  await anna.say(id, 'oto', { attachment_ids: [body.attachment.id] })
  expect((await upload(anna, 'x', 'c.txt')).status).toBe(201)
})

test('uploads at the same time do not pass the limit together', async () => {
  const { body } = await upload(bartek, 'a', 'a.txt')
  await resize(body.attachment.id, most - 25)
  const answers = await Promise.all(
    Array.from({ length: 6 }, (_, i) => upload(bartek, 'x'.repeat(10), `${i}.txt`)),
  )
  expect(answers.filter(({ status }) => status === 201)).toHaveLength(2)
  expect(answers.filter(({ status }) => status === 413)).toHaveLength(4)
})
