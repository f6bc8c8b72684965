import { readFile } from 'node:fs/promises'
import sharp from 'sharp'
import type { Image } from '../task.ts'
import { TooManyPixels } from './failure.ts'
import { maxPixels, open } from './vips.ts'

/** The payload of a JPEG segment. */
const maxProfileBytes = 65_000

/** Converts HEIC, and anything else with HEVC, to JPEG: upright, with its colours, without metadata. */
export async function convertHeif(from: string, to: string): Promise<Image> {
  const file = await readFile(from)
  const { data, width, height } = await decode(file)
  const pixels = sharp(data, { raw: { width, height, channels: 4 } }).flatten({ background: '#ffffff' })
  const profile = profileOf(file)
  // Raw pixels cannot carry a colour profile; a JPEG can.
  const image = profile
    ? open(withProfile(await pixels.jpeg({ quality: 100, chromaSubsampling: '4:4:4' }).toBuffer(), profile))
    : pixels
  const { size } = await image.jpeg({ quality: 88 }).toFile(to)
  return { width, height, size }
}

/** The decoder applies the file's rotation and mirroring. */
async function decode(file: Buffer) {
  const { default: libheif } = await import('libheif-js/wasm-bundle.js')
  const images = new libheif.HeifDecoder().decode(file)
  const image = images.find((each) => each.is_primary()) ?? images[0]
  if (!image) throw new Error('no image in the file')
  const [width, height] = [image.get_width(), image.get_height()]
  if (width * height > maxPixels) throw new TooManyPixels(maxPixels)
  const data = new Uint8ClampedArray(width * height * 4)
  const isRead = await new Promise((resolve) => image.display({ data, width, height }, resolve))
  for (const each of images) each.free()
  if (!isRead) throw new Error('the image cannot be decoded')
  return { data, width, height }
}

/** The file's first colour profile, in a box `colr` of type `prof`. ISO/IEC 14496-12, 12.1.5 */
function profileOf(file: Buffer): Buffer | undefined {
  const at = file.indexOf('colrprof')
  if (at < 4) return undefined
  const profile = file.subarray(at + 8, at - 4 + file.readUInt32BE(at - 4))
  return profile.length > 128 && profile.length < maxProfileBytes ? profile : undefined
}

/** A JPEG with a colour profile in its first segment. ICC.1:2022, B.4 */
function withProfile(jpeg: Buffer, profile: Buffer): Buffer {
  const head = Buffer.from('\xff\xe2\0\0ICC_PROFILE\0\x01\x01', 'latin1')
  head.writeUInt16BE(head.length - 2 + profile.length, 2)
  return Buffer.concat([jpeg.subarray(0, 2), head, profile, jpeg.subarray(2)])
}
