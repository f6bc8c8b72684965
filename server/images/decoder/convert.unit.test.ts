import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import sharp from 'sharp'
import { expect, test } from 'vitest'
import { apng } from '../../testing/apng.ts'
import { animation, picture, pngChunk } from '../../testing/files.ts'
import { emptyFolder } from '../../testing/folder.ts'
import { heic, heicOf } from '../../testing/heic.ts'
import { convert, movingWidth } from './convert.ts'
import { failureOf, TooManyPixels } from './failure.ts'

const folder = emptyFolder()
let count = 0

async function make(content: string, image: Buffer) {
  const [from, to, thumbnail] = ['sent', 'made', 'thumbnail'].map((name) => join(folder, `${count}-${name}`))
  count++
  writeFileSync(from!, image)
  const { width, height, size } = await convert({
    kind: 'convert',
    content,
    from: from!,
    to: to!,
    thumbnail: thumbnail!,
  })
  const [made, small] = [readFileSync(to!), readFileSync(thumbnail!)]
  expect(made.length).toBe(size)
  return { width, height, made, small }
}

const refusal = (content: string, image: Buffer) => make(content, image).then(() => 'made', failureOf)

test('an iPhone’s photo becomes a JPEG: upright, with its colours, but without its location', async () => {
  expect(heic().includes('Telefon')).toBe(true)
  const { width, height, made, small } = await make('image/heif', heic())
  expect([width, height]).toEqual([64, 128])
  const about = await sharp(made).metadata()
  expect([about.format, about.width, about.height]).toEqual(['jpeg', 64, 128])
  expect([about.exif, about.xmp, about.icc, about.orientation]).toEqual(Array(4).fill(undefined))
  expect(made.includes('Telefon') || small.includes('Telefon')).toBe(false)
  const { data } = await sharp(made).raw().toBuffer({ resolveWithObject: true })
  // The red of sRGB, which in Display P3 is 234, 51, 35.
  expect(data[0]).toBeGreaterThan(250)
  expect(Math.max(data[1]!, data[2]!)).toBeLessThan(20)
  const below = data.subarray(-3)
  expect(below[2]).toBeGreaterThan(200)
})

const broken = { failure: 'broken' }
test.each<[string, Buffer, object]>([
  ['cut off in its pixels', heic().subarray(0, 1100), broken],
  ['cut off in its head', heic().subarray(0, 500), broken],
  ['only its marks', heic().subarray(0, 28), broken],
  [
    'of 60,000 × 60,000 pixels',
    heicOf(60_000, 60_000),
    expect.objectContaining({ failure: expect.any(String) }),
  ],
  [
    'of 10,000 × 10,000 pixels',
    heicOf(10_000, 10_000),
    { failure: 'too_many_pixels', maxPixels: 50_000_000 },
  ],
  ['of no pixels', heicOf(0, 0), broken],
  ['of more pixels than it holds', heicOf(5000, 5000), broken],
  [
    'a page behind its marks',
    Buffer.concat([heic().subarray(0, 28), Buffer.from('<script>alert(1)</script>')]),
    broken,
  ],
  ['nonsense', Buffer.from(`\0\0\0\x18ftypheic${'x'.repeat(500)}`), broken],
  ['its codec spoilt', Buffer.from(heic().toString('latin1').replace('hvcC', 'hvcX'), 'latin1'), broken],
])('an iPhone’s photo %s is refused', async (_, image, refused) => {
  expect(await refusal('image/heif', image)).toEqual(refused)
})

/** The number of chunks of each type. */
function chunksOf(png: Buffer) {
  const types: Record<string, number> = {}
  for (let at = 8; at < png.length; at += 12 + png.readUInt32BE(at)) {
    const type = png.toString('latin1', at + 4, at + 8)
    types[type] = (types[type] ?? 0) + 1
  }
  return types
}

test('an animated PNG keeps its frames, and loses its metadata', async () => {
  const secret = 'Telefon <script>'
  const more = ['tEXt', 'eXIf', 'iTXt', 'tIME', 'zzZz'].map((type) => pngChunk(type, Buffer.from(secret)))
  const sent = Buffer.concat([apng(5, { more, extra: secret }), Buffer.from(secret)])
  const { width, height, made, small } = await make('image/apng', sent)
  expect([width, height]).toEqual([20, 20])
  expect(chunksOf(made)).toEqual({ IHDR: 1, acTL: 1, fcTL: 5, IDAT: 1, fdAT: 4, IEND: 1 })
  expect(made.includes('script')).toBe(false)
  // The frames are unchanged: another pass leaves them the same.
  expect((await make('image/apng', made)).made).toEqual(made)
  expect(await sharp(small).metadata()).toMatchObject({ width: 20, height: 20, format: 'webp' })
})

const spoil = (png: Buffer, at: number, byte: number) => {
  const spoilt = Buffer.from(png)
  spoilt[at] = byte
  return spoilt
}
/** Another size in the header, with a valid checksum. */
const resized = (width: number, height: number) => {
  const [png, head] = [apng(2), Buffer.from([0, 0, 0, 0, 0, 0, 0, 0, 8, 0, 0, 0, 0])]
  head.writeUInt32BE(width, 0)
  head.writeUInt32BE(height, 4)
  return Buffer.concat([png.subarray(0, 8), pngChunk('IHDR', head), png.subarray(33)])
}

test.each<[string, Buffer, object]>([
  ['cut off', apng(3).subarray(0, -20), broken],
  ['without an end', apng(3).subarray(0, -12), broken],
  ['with a frame spoilt', spoil(apng(3), apng(3).indexOf('fdAT') + 20, 0), broken],
  ['larger than its pixels', resized(30, 30), broken],
  ['smaller than its frames', resized(5, 5), broken],
  ['of no pixels', resized(0, 0), broken],
  [
    'of 65,535 × 65,535 pixels',
    resized(65_535, 65_535),
    { failure: 'too_many_pixels', maxPixels: 50_000_000 },
  ],
  [
    'of 10,000 × 10,000 pixels',
    resized(10_000, 10_000),
    { failure: 'too_many_pixels', maxPixels: 50_000_000 },
  ],
  ['only a head', apng(1).subarray(0, 33), broken],
  ['a page', Buffer.from('\x89PNG\r\n\x1a\n<script>alert(1)</script>', 'latin1'), broken],
])('an animated PNG %s is refused', async (_, image, refused) => {
  expect(await refusal('image/apng', image)).toEqual(refused)
})

test('no new palette is computed for an image of few colours', async () => {
  const palette = await picture(3000, 2000).png({ palette: true }).toBuffer()
  const { made } = await make('image/png', palette)
  expect(await sharp(made).metadata()).toMatchObject({ isPalette: true, width: 3000, height: 2000 })
  const pixels = (png: Buffer) => sharp(png).removeAlpha().raw().toBuffer()
  expect((await pixels(made)).equals(await pixels(palette))).toBe(true)
  const interlaced = await picture(61, 37).png({ palette: true, progressive: true }).toBuffer()
  expect((await pixels((await make('image/png', interlaced)).made)).equals(await pixels(interlaced))).toBe(
    true,
  )
})

test.each(['webp', 'gif'] as const)('an animated %s keeps all its frames', async (format) => {
  const sent = await sharp(await animation(5), { animated: true })
    .toFormat(format)
    .toBuffer()
  const { width, height, made } = await make(`image/${format}`, sent)
  expect([width, height]).toEqual([20, 20])
  expect(await sharp(made).metadata()).toMatchObject({ pages: 5, delay: Array(5).fill(100) })
})

test.each<[width: number, height: number, pages: number | undefined, made: number]>([
  [20, 20, 5, 20],
  [800, 600, 100, 800],
  [800, 600, 104, 800],
  [800, 600, 105, 796],
  [800, 600, 400, 408],
  [2000, 2000, 13, 1961],
  [7000, 7000, 1, 7000],
  [7000, 7000, undefined, 7000],
  [7000, 7000, 2, 5000],
  [1, 50_000_000, 4, 1],
])('%i × %i pixels in %s frames become %i wide', (width, height, pages, made) => {
  expect(movingWidth({ width, height, ...(pages && { pages }) })).toBe(made)
})

test.each([
  [800, 600, 417],
  [10_000, 10_000, 3],
  [65_535, 65_535, 1],
])('%i × %i pixels in %i frames are too many', (width, height, pages) => {
  expect(() => movingWidth({ width, height, pages })).toThrow(TooManyPixels)
})
