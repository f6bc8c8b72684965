import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { download, filesOnDisk, picture, upload } from '../testing/files.ts'
import { emptyFolder } from '../testing/folder.ts'
import { at, command, newcomer, newHome, serve } from '../testing/homes.ts'
import { startS3 } from '../testing/s3.ts'

vi.setConfig({ testTimeout: 60_000 })

test('a backup holds the files of a bucket, and a restore puts them where FILES_URL says', async () => {
  const [bucket, other] = [await startS3(), await startS3()]
  const home = { ...(await newHome()), FILES_URL: bucket.url }
  const service = await serve(home)
  const ala = await newcomer(service, 'ala')
  const png = await picture(40, 40).png().toBuffer()
  const { attachment } = (await upload(ala, png, 'zdjęcie.png')).body
  await ala.say(await ala.talkTo(await newcomer(service, 'ola')), '', { attachment_ids: [attachment.id] })
  const { bytes } = await download(service.address, ala, attachment.url)
  const path = join(emptyFolder(), 'backup')
  expect(await command(home, `backup ${path}`)).toMatchObject({
    code: 0,
    out: expect.stringContaining('2 files'),
  })
  await service.stop()
  await bucket.stop()
  for (const more of [{}, { FILES_URL: other.url }]) {
    const elsewhere = { ...(await newHome()), ...more }
    expect(await command(elsewhere, `restore ${path}`)).toMatchObject({ code: 0, error: '' })
    expect(filesOnDisk(elsewhere.DATA_DIR)).toHaveLength('FILES_URL' in more ? 0 : 2)
    const restored = await serve(elsewhere)
    expect((await download(restored.address, at(restored, ala), attachment.url)).bytes).toEqual(bytes)
  }
})

test.each([
  [
    'is as it should be',
    (url: string) => url,
    / ok {3}bucket: s3:\/\/rozmowa\/czat\/ takes files and gives them back/,
  ],
  [
    'has another key',
    (url: string) => url.replace('S3RVER:S3RVER', 'S3RVER:inny'),
    /FAIL {2}bucket: FILES_URL: Signature/,
  ],
  [
    'is not there',
    (url: string) => url.replace('@rozmowa', '@inne'),
    /FAIL {2}bucket: FILES_URL: NoSuchBucket/,
  ],
])('the doctor sees that a bucket %s', async (_, change, line) => {
  const { url } = await startS3()
  const { out } = await command(await newHome(), 'doctor', { FILES_URL: change(url) })
  expect(out).toMatch(line)
  expect(out).not.toContain('S3RVER')
})
