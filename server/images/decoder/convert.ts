import { readFile, writeFile } from 'node:fs/promises'
import type { Metadata, Sharp } from 'sharp'
import type { Image, Task } from '../task.ts'
import { TooManyPixels } from './failure.ts'
import { convertHeif } from './heif.ts'
import { repackPng } from './png.ts'
import { shrink } from './shrink.ts'
import { maxAnimationPixels, maxPixels, open } from './vips.ts'

/** The AVIF encoder takes about 40 bytes a pixel, ten times as many as others. */
const maxPixelsOfAvif = 16_000_000

const encode: Record<string, (image: Sharp) => Sharp> = {
  'image/jpeg': (image) => image.jpeg({ quality: 88 }),
  'image/png': (image) => image.png(),
  'image/webp': (image) => image.webp({ quality: 88 }),
  'image/gif': (image) => image.gif({ effort: 3 }),
  'image/avif': (image) => image.avif({ quality: 60, effort: 1 }),
}

/** Re-encodes an image, and makes a thumbnail of the result, so that the original is only read here. */
export async function convert({ content, from, to, thumbnail }: Extract<Task, { kind: 'convert' }>) {
  const image = await (content === 'image/heif' ? convertHeif(from, to) : convertOther(content, from, to))
  await shrink({ from: to, to: thumbnail })
  return image
}

/** Reads only the header. */
async function convertOther(content: string, from: string, to: string): Promise<Image> {
  const about = await open(from).metadata()
  const allowed = content === 'image/avif' ? maxPixelsOfAvif : maxPixels
  if (about.width * about.height > allowed) throw new TooManyPixels(allowed)
  if (content === 'image/apng' || (content === 'image/png' && isPlainPalette(about)))
    return repack(from, to, about)
  const isMoving = (about.pages ?? 1) > 1 && (content === 'image/gif' || content === 'image/webp')
  const image = isMoving ? openAnimation(from, about) : open(from).autoOrient()
  const { width, height, pageHeight, size } = await encode[content]!(image).toFile(to)
  return { width, height: pageHeight ?? height, size }
}

/** Finding a palette takes ten times as long as all the rest, but an image without one is twice as large. */
const isPlainPalette = ({ isPalette, icc, orientation = 1 }: Metadata) =>
  isPalette === true && !icc && orientation === 1

async function repack(from: string, to: string, { width, height }: Metadata): Promise<Image> {
  const packed = repackPng(await readFile(from), maxAnimationPixels)
  await writeFile(to, packed)
  return { width, height, size: packed.length }
}

function openAnimation(from: string, about: Metadata): Sharp {
  const image = open(from, { animated: true })
  const width = movingWidth(about)
  return width === about.width ? image : image.resize({ width })
}

/**
 * The width of an animation, reduced when its frames together have too many pixels.
 * @throws TooManyPixels
 */
export function movingWidth({
  width,
  height,
  pages = 1,
}: Pick<Metadata, 'width' | 'height' | 'pages'>): number {
  const pixels = width * height * pages
  if (pixels > maxAnimationPixels) throw new TooManyPixels(maxAnimationPixels)
  const scale = Math.min(1, Math.sqrt(maxPixels / pixels))
  return Math.max(1, Math.floor(width * scale))
}
