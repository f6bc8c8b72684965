import sharp, { type Sharp, type SharpOptions } from 'sharp'
import { invalid, Problem } from '../web/problem.ts'
import { isFull } from './storage.ts'
import { inFairTurn } from './turns.ts'

/** As many pixels as are ever held in memory, all frames of an animation together. */
const mostPixels = 50_000_000
/** Its encoder takes some 40 bytes a pixel, ten times as many as others. */
const mostPixelsOfAvif = 16_000_000
/** Of a thumbnail's longer side. */
const thumbnailSide = 640
/** Beyond this an image is not worth the wait of others. */
const mostSeconds = 60

// The loaders of what is allowed and no others: libvips looks at the content for itself.
const loaders = ['Jpeg', 'Png', 'Webp', 'Nsgif', 'Heif'].map((format) => `VipsForeignLoad${format}`)
sharp.block({ operation: ['VipsForeignLoad'] })
sharp.unblock({ operation: loaders })
// No more threads from libvips than the one that an image is converted in, see turns.ts.
sharp.concurrency(1)
sharp.cache(false)

const encode: Record<string, (image: Sharp, isPalette: boolean) => Sharp> = {
  'image/jpeg': (image) => image.jpeg({ quality: 88 }),
  'image/png': (image, palette) => image.png({ palette }),
  'image/webp': (image) => image.webp({ quality: 88 }),
  'image/gif': (image) => image.gif({ effort: 3 }),
  'image/avif': (image) => image.avif({ quality: 60, effort: 1 }),
}

export interface Image {
  /** Of one frame, as it is to be looked at. */
  width: number
  height: number
  /** Bytes. */
  size: number
}

/**
 * Makes an image anew at `to`, in its own format and upright: without where it was taken, and without anything
 * else that is not picture. At `thumbnail` a small WebP of its first frame.
 * @throws Problem 400 when it cannot be read, 413 when it has too many pixels
 */
export const convertImage = (
  userId: number,
  mime: string,
  from: string,
  to: string,
  thumbnail: string,
): Promise<Image> =>
  inFairTurn(userId, async () => {
    try {
      const image = await convert(mime, from, to)
      await makeThumbnail(to, thumbnail)
      return image
    } catch (error) {
      throw isFull(error) ? error : problemOf(error)
    }
  })

/** Only the header is read before it is decided what to decode. */
async function convert(mime: string, from: string, to: string): Promise<Image> {
  const { width, height, pages = 1, isPalette = false } = await sharp(from, reading()).metadata()
  const most = mime === 'image/avif' ? mostPixelsOfAvif : mostPixels
  if (width * height > most) throw tooManyPixels(most)
  const animated = pages > 1 && width * height * pages <= mostPixels
  const image = sharp(from, reading({ animated })).timeout({ seconds: mostSeconds })
  const info = await encode[mime]!(animated ? image : image.autoOrient(), isPalette).toFile(to)
  return { width: info.width, height: info.pageHeight ?? info.height, size: info.size }
}

async function makeThumbnail(from: string, to: string): Promise<void> {
  await sharp(from, reading())
    .resize(thumbnailSide, thumbnailSide, { fit: 'inside', withoutEnlargement: true })
    .webp({ quality: 78 })
    .timeout({ seconds: mostSeconds })
    .toFile(to)
}

/** Phones write files with small faults that every viewer forgives: only real ones are refused. */
const reading = (more: { animated?: boolean } = {}): SharpOptions => ({
  limitInputPixels: mostPixels,
  failOn: 'error',
  ...more,
})

const tooManyPixels = (most = mostPixels) =>
  new Problem(413, 'payload_too_large', `Such an image may have at most ${most / 1_000_000} megapixels.`)

function problemOf(error: unknown): Problem {
  if (error instanceof Problem) return error
  if (/pixel limit/.test((error as Error).message)) return tooManyPixels()
  return invalid('The image is broken.')
}
