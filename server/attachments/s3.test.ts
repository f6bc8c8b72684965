import { expect, test } from 'vitest'
import { filesUrl } from '../settings/files-url.ts'
import { download, filesOnDisk, picture, said, upload } from '../testing/files.ts'
import { startS3 } from '../testing/s3.ts'
import { startService } from '../testing/service.ts'

const bucket = await startS3()
const { anna, bartek, celina, address } = await startService({ FILES_URL: bucket.url })
const { S3Storage } = await import('./s3.ts')
const { sweep } = await import('./sweep.ts')
const { sql } = await import('../db/client.ts')
const png = await picture(40, 40).png().toBuffer()

const inBucket = async (path: string) =>
  Array.fromAsync(new S3Storage(filesUrl(bucket.url), path).olderThan(Number.POSITIVE_INFINITY))

test('files are kept in the bucket, and go through the service to members alone', async () => {
  const id = await anna.talkTo(bartek)
  const { attachment } = (await upload(anna, png, 'zdjęcie.png')).body
  expect(filesOnDisk()).toEqual([])
  const message = await anna.say(id, '', { attachment_ids: [attachment.id] })
  const whole = await download(address, bartek, attachment.url)
  expect(whole.answer.status).toBe(200)
  expect(whole.bytes.subarray(0, 8).toString('latin1')).toContain('PNG')
  expect((await download(address, bartek, attachment.thumbnail_url!)).answer.status).toBe(200)
  const part = await download(address, bartek, attachment.url, { range: 'bytes=1-3' })
  expect([part.answer.status, part.bytes.toString()]).toEqual([206, 'PNG'])
  expect(part.answer.headers.get('content-range')).toBe(`bytes 1-3/${whole.bytes.length}`)
  expect((await download(address, celina, attachment.url)).answer.status).toBe(404)
  expect(await inBucket('attachments')).toHaveLength(2)
  await anna.delete(`/api/messages/${message.id}`)
  await expect.poll(() => inBucket('attachments')).toEqual([])
})

test('what was not sent within a day goes to the trash in the bucket', async () => {
  const { attachment } = (await upload(anna, png, 'niewysłane.png')).body
  await sql`update message_attachments set created_at = now() - interval '25 hours' where id = ${attachment.id}`
  await sweep()
  expect(await inBucket('attachments')).toEqual([])
  expect(await inBucket('trash/attachments')).toHaveLength(2)
})

test('while the bucket is away, members are asked to try again, and nothing is lost', async () => {
  const id = await anna.talkTo(bartek)
  const { attachment } = (await upload(anna, 'treść', 'a.txt')).body
  await anna.say(id, '', { attachment_ids: [attachment.id] })
  await bucket.stop()
  const refused = await upload(anna, 'inna', 'b.txt')
  expect(said(refused)).toEqual([503, 'unavailable'])
  expect((await download(address, bartek, attachment.url)).answer.status).toBe(503)
  expect((await bartek.get(`/api/conversations/${id}/messages`)).status).toBe(200)
  expect(filesOnDisk()).toEqual([])
  await bucket.start()
  expect((await download(address, bartek, attachment.url)).bytes.toString()).toBe('treść')
  expect((await upload(anna, 'inna', 'b.txt')).status).toBe(201)
})
