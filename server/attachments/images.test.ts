import sharp from 'sharp'
import { expect, test } from 'vitest'
import { apng } from '../testing/apng.ts'
import { animation, download, filesOnDisk, picture, pngBomb, said, upload } from '../testing/files.ts'
import { heic, heicOf } from '../testing/heic.ts'
import { startService } from '../testing/service.ts'

const { anna, address } = await startService()

/** Uploads an image. @returns the attachment, with its files as served */
async function send(content: Buffer, name = 'zdjęcie.jpg') {
  const { status, body } = await upload(anna, content, name)
  expect(status, JSON.stringify(body)).toBe(201)
  const { bytes } = await download(address, anna, body.attachment.url)
  const { bytes: thumbnail } = await download(address, anna, body.attachment.thumbnail_url!)
  expect(body.attachment.size_bytes).toBe(bytes.length)
  return { ...body.attachment, bytes, thumbnail }
}

/** A phone's photo: taken upright, so stored rotated, and with the place where it was taken. */
const photo = (format: 'jpeg' | 'png' | 'webp' | 'avif') =>
  picture(200, 100)
    .withExif({
      IFD0: { Make: 'Telefon', Copyright: 'Anna' },
      IFD3: {
        GPSLatitudeRef: 'N',
        GPSLatitude: '52/1 13/1 56/1',
        GPSLongitudeRef: 'E',
        GPSLongitude: '21/1 0/1 30/1',
      },
    })
    .withMetadata({ orientation: 6 })
    .toFormat(format)
    .toBuffer()

test.each(['jpeg', 'png', 'webp'] as const)(
  'a %s photo stands upright, and where it was taken stays unknown',
  async (format) => {
    const original = await photo(format)
    expect((await sharp(original).metadata()).orientation).toBe(6)
    expect(original.includes('Telefon')).toBe(true)
    const { bytes, thumbnail, width, height, mime_type } = await send(original, `zdjęcie.${format}`)
    expect([width, height, mime_type]).toEqual([100, 200, `image/${format}`])
    const stored = await sharp(bytes).metadata()
    expect([stored.width, stored.height, stored.format]).toEqual([100, 200, format])
    expect([stored.exif, stored.xmp, stored.iptc, stored.orientation]).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
    ])
    expect(bytes.includes('Telefon') || thumbnail.includes('Telefon')).toBe(false)
    // After a quarter turn to the right, the red left half is on top.
    const { data, info } = await sharp(bytes).removeAlpha().raw().toBuffer({ resolveWithObject: true })
    const above = data.subarray(10 * 100 * info.channels)
    expect(above[0]).toBeGreaterThan(200)
    expect(above[2]).toBeLessThan(50)
  },
)

test('an AVIF stays an AVIF', async () => {
  const { bytes, width, height } = await send(await picture(60, 30).avif().toBuffer(), 'a.avif')
  expect([width, height, (await sharp(bytes).metadata()).compression]).toEqual([60, 30, 'av1'])
})

test('a thumbnail has at most 640 pixels a side, and a small image is not enlarged', async () => {
  const large = await send(await picture(2000, 1000).jpeg().toBuffer())
  expect(await sharp(large.thumbnail).metadata()).toMatchObject({ width: 640, height: 320, format: 'webp' })
  const small = await send(await picture(30, 20).jpeg().toBuffer())
  expect(await sharp(small.thumbnail).metadata()).toMatchObject({ width: 30, height: 20 })
})

test('an animation stays animated, its thumbnail is a still image', async () => {
  const { bytes, thumbnail, width, height } = await send(await animation(5), 'a.gif')
  expect([width, height]).toEqual([20, 20])
  expect(await sharp(bytes).metadata()).toMatchObject({ pages: 5, delay: [100, 100, 100, 100, 100] })
  expect((await sharp(thumbnail).metadata()).pages ?? 1).toBe(1)
})

test('an iPhone’s photo becomes a JPEG, with a matching name', async () => {
  const { bytes, filename, mime_type, width, height } = await send(heic(), 'IMG_0001.HEIC')
  expect([filename, mime_type, width, height]).toEqual(['IMG_0001.jpg', 'image/jpeg', 64, 128])
  expect((await sharp(bytes).metadata()).format).toBe('jpeg')
})

test('an animated PNG stays an animated PNG', async () => {
  const { bytes, mime_type } = await send(apng(3), 'a.png')
  expect([mime_type, bytes.includes('acTL')]).toEqual(['image/png', true])
})

test.each(['jpeg', 'png', 'gif', 'webp'] as const)(
  'data hidden in or after a %s is removed',
  async (format) => {
    const secret = '<script>alert(1)</script>PK\x03\x04'
    const image = await picture(40, 40)
      .withExif({ IFD0: { ImageDescription: secret } })
      .toFormat(format)
      .toBuffer()
    const { bytes } = await send(Buffer.concat([image, Buffer.from(secret)]), `a.${format}`)
    expect(bytes.includes('script')).toBe(false)
    expect(bytes.includes('PK\x03\x04')).toBe(false)
  },
)

test.each<[string, number, Buffer]>([
  ['65,535 × 65,535 pixels', 413, pngBomb(65_535, 65_535)],
  ['10,000 × 10,000 pixels', 413, pngBomb(10_000, 10_000)],
  ['more pixels than a file can have', 400, pngBomb(2_147_483_647, 2_147_483_647)],
  ['a telephone’s 10,000 × 10,000 pixels', 413, heicOf(10_000, 10_000)],
  ['no pixels', 400, pngBomb(0, 0)],
  ['fewer data than it says', 400, (await picture(500, 500).png().toBuffer()).subarray(0, 400)],
  ['only a header', 400, (await picture(500, 500).jpeg().toBuffer()).subarray(0, 100)],
  ['HTML behind the marks of a GIF', 400, Buffer.from('GIF89a/*<html><script>alert(1)</script>*/')],
  ['nonsense behind the marks of a WebP', 400, Buffer.from(`RIFF\x20\0\0\0WEBPVP8 ${'x'.repeat(40)}`)],
])('an image with %s is refused at once', async (_, status, content) => {
  const before = filesOnDisk()
  const [memory, start] = [process.memoryUsage().rss, Date.now()]
  const answer = await upload(anna, content, 'a.png')
  expect(said(answer), answer.body.detail).toEqual([
    status,
    status === 413 ? 'payload_too_large' : 'validation_failed',
  ])
  expect(Date.now() - start).toBeLessThan(2000)
  expect(process.memoryUsage().rss - memory).toBeLessThan(200 * 1024 * 1024)
  await expect.poll(() => filesOnDisk()).toEqual(before)
})

test('many images at once do not delay other requests', async () => {
  const large = await picture(3000, 2000).jpeg().toBuffer()
  const uploads = Promise.all(Array.from({ length: 8 }, () => upload(anna, large, 'a.jpg')))
  const waits: number[] = []
  let done = false
  void uploads.then(() => (done = true))
  while (!done) {
    const start = performance.now()
    expect((await anna.get('/api/conversations')).status).toBe(200)
    waits.push(performance.now() - start)
  }
  expect(new Set((await uploads).map(({ status }) => status))).toEqual(new Set([201]))
  expect(waits.sort((a, b) => a - b)[Math.floor(waits.length / 2)]).toBeLessThan(200)
})
