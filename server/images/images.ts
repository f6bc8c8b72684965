import { log } from '../log.ts'
import { invalid, Problem } from '../web/problem.ts'
import { DecoderDied, inDecoder } from './decoders.ts'
import type { Image, Task } from './task.ts'
import { inFairTurn } from './turns.ts'

/**
 * Re-encodes an image at `to`, in its own format and upright, without its location or any other metadata. HEIC becomes
 * JPEG, for browsers do not show it. A small WebP of the first frame is written to `thumbnail`.
 * @param content its MIME type, such as `image/heic`
 * @throws Problem 400 when it cannot be read, 413 when it has too many pixels or takes too much to read
 */
export const convertImage = (
  userId: number,
  content: string,
  from: string,
  to: string,
  thumbnail: string,
): Promise<Image> => inFairTurn(userId, () => decode({ kind: 'convert', content, from, to, thumbnail }))

/**
 * Makes a small WebP of an image.
 * @throws Problem as above
 */
export const shrinkImage = (from: string, to: string): Promise<Image> => decode({ kind: 'shrink', from, to })

async function decode(task: Task): Promise<Image> {
  const answer = await inDecoder(task).catch(explainDeath)
  if ('image' in answer) return answer.image
  if (answer.failure === 'broken') throw broken()
  if (answer.failure === 'too_many_pixels') throw tooManyPixels(answer.maxPixels)
  throw Object.assign(new Error('no space left for an image'), { code: 'ENOSPC' })
}

function explainDeath(error: unknown): never {
  log.warn({ err: error }, 'an image could not be read')
  if (!(error instanceof DecoderDied))
    throw new Problem(503, 'unavailable', 'Images cannot be read right now.', { retryAfter: 60 })
  throw error.tookTooMuch ? tooCostly() : broken()
}

const broken = () => invalid('The image is damaged.')

const tooLarge = (detail: string) =>
  new Problem(413, 'payload_too_large', detail, { errors: [{ path: 'file', message: detail }] })

const tooManyPixels = (maxPixels: number) =>
  tooLarge(`An image of this kind can have at most ${maxPixels / 1_000_000} megapixels.`)

const tooCostly = () => tooLarge('The image takes too much time or memory to read. Send a smaller one.')
