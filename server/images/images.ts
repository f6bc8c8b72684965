import { log } from '../log.ts'
import { invalid, Problem } from '../web/problem.ts'
import { Fallen, inDecoder } from './decoders.ts'
import type { Image, Task } from './task.ts'
import { inFairTurn } from './turns.ts'

/**
 * Makes an image anew at `to`, in its own format and upright: without where it was taken, and without anything
 * else that is not picture. An iPhone's HEIC becomes a JPEG, for browsers do not show it. At `thumbnail` a small WebP
 * of its first frame.
 * @param content what it is, such as `image/heic`
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
  const answer = await inDecoder(task).catch(whyFallen)
  if ('image' in answer) return answer.image
  if (answer.failure === 'broken') throw broken()
  if (answer.failure === 'too_many_pixels') throw tooManyPixels(answer.most)
  throw Object.assign(new Error('there is no room for an image'), { code: 'ENOSPC' })
}

function whyFallen(error: unknown): never {
  log.warn({ err: error }, 'an image could not be read')
  if (!(error instanceof Fallen))
    throw new Problem(503, 'unavailable', 'Images cannot be read right now.', { retryAfter: 60 })
  throw error.tookTooMuch ? tooCostly() : broken()
}

const broken = () => invalid('The image is broken.')

const tooLarge = (detail: string) =>
  new Problem(413, 'payload_too_large', detail, { errors: [{ path: 'file', message: detail }] })

const tooManyPixels = (most: number) =>
  tooLarge(`Such an image may have at most ${most / 1_000_000} megapixels.`)

const tooCostly = () => tooLarge('The image takes too long or too much memory to read. Send it smaller.')
