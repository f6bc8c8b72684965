import { expect, test } from 'vitest'
import { filesOnDisk, picture, said, upload } from '../testing/files.ts'
import { type Person, startService } from '../testing/service.ts'

const quota = 100_000
const { anna, bartek, celina, dawid, ewa } = await startService({ UPLOAD_QUOTA_BYTES: `${quota}` })

const bytes = (count: number) => 'x'.repeat(count)
const uploaded = async (person: Person, size: number) => {
  const answer = await upload(person, bytes(size), 'a.txt')
  expect(answer.status).toBe(201)
  return answer.body.attachment.id as number
}
const full = [413, 'payload_too_large']

test('a member’s files, sent or not, cannot exceed the quota together', async () => {
  const id = await anna.talkTo(bartek)
  await anna.say(id, 'oto', { attachment_ids: [await uploaded(anna, 60_000)] })
  await uploaded(anna, quota - 60_000)
  const before = filesOnDisk()

  const refused = await upload(anna, 'x', 'c.txt')
  expect(said(refused)).toEqual(full)
  expect(refused.body.detail).toContain(`${quota} bytes`)
  const image = await picture(10, 10).png().toBuffer()
  expect(said(await upload(anna, image, 'c.png'))).toEqual(full)
  expect(filesOnDisk()).toEqual(before)
  expect((await upload(bartek, 'x', 'c.txt')).status).toBe(201)
})

test('deleting a message frees what its files took', async () => {
  const id = await celina.talkTo(bartek)
  const sent = await celina.say(id, 'oto', { attachment_ids: [await uploaded(celina, quota)] })
  expect(said(await upload(celina, 'x', 'b.txt'))).toEqual(full)
  expect((await celina.delete(`/api/messages/${sent.id}`)).status).toBe(204)
  await uploaded(celina, quota)
})

test('a forwarded file counts once, as long as any message has it', async () => {
  const id = await dawid.talkTo(bartek)
  const places = [await dawid.talkTo(anna), await dawid.talkTo(celina)]
  const sent = await dawid.say(id, 'oto', { attachment_ids: [await uploaded(dawid, quota - 10)] })
  const forwarded = await dawid.post(`/api/messages/${sent.id}/forward`, { conversation_ids: places })
  expect(forwarded.status).toBe(201)
  await uploaded(dawid, 10)
  await dawid.delete(`/api/messages/${sent.id}`)
  expect(said(await upload(dawid, 'x', 'b.txt'))).toEqual(full)
  for (const { id } of forwarded.body.messages) await dawid.delete(`/api/messages/${id}`)
  await uploaded(dawid, quota - 10)
})

test('concurrent uploads cannot exceed the quota together', async () => {
  await uploaded(ewa, quota - 25)
  const answers = await Promise.all(Array.from({ length: 6 }, () => upload(ewa, bytes(10), 'b.txt')))
  expect(answers.filter(({ status }) => status === 201)).toHaveLength(2)
  expect(answers.filter(({ status }) => status === 413)).toHaveLength(4)
})
