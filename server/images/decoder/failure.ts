import type { Answer } from '../task.ts'
import { maxPixels } from './vips.ts'

/** Thrown for an image with more pixels than are read. */
export class TooManyPixels extends Error {
  readonly maxPixels: number

  constructor(allowed: number) {
    super(`more than ${allowed} pixels`)
    this.maxPixels = allowed
  }
}

/** The answer for an error; an image that cannot be read is "broken", whatever the reason. */
export function failureOf(error: unknown): Answer {
  if (error instanceof TooManyPixels) return { failure: 'too_many_pixels', maxPixels: error.maxPixels }
  if (/pixel limit/.test((error as Error).message)) return { failure: 'too_many_pixels', maxPixels }
  return { failure: isDiskFull(error) ? 'no_room' : 'broken' }
}

/** Node reports a full disk by a code, libvips in the message. */
const isDiskFull = (error: unknown) =>
  ['ENOSPC', 'EDQUOT'].includes((error as NodeJS.ErrnoException).code ?? '') ||
  /no space left|quota exceeded/i.test((error as Error).message)
