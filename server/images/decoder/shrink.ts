import type { Image } from '../task.ts'
import { TooManyPixels } from './failure.ts'
import { maxPixels, open } from './vips.ts'

/** Pixels of the longer side. */
const maxSide = 640

/** Makes a WebP of an image's first frame: upright, at most 640 × 640, never enlarged. */
export async function shrink({ from, to }: { from: string; to: string }): Promise<Image> {
  const image = open(from)
  const { width, height } = await image.metadata()
  if (width * height > maxPixels) throw new TooManyPixels(maxPixels)
  return image
    .autoOrient()
    .resize(maxSide, maxSide, { fit: 'inside', withoutEnlargement: true })
    .webp({ quality: 78 })
    .toFile(to)
}
