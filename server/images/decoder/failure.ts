import type { Answer } from '../task.ts'
import { maxPixels } from './vips.ts'

/** Thrown for an image of more pixels than are read. */
export class TooManyPixels extends Error {
  readonly most: number

  constructor(most: number) {
    super(`more than ${most} pixels`)
    this.most = most
  }
}

/** What whoever asked is told: of an image that cannot be read every reason is "broken". */
export function failureOf(error: unknown): Answer {
  if (error instanceof TooManyPixels) return { failure: 'too_many_pixels', most: error.most }
  if (/pixel limit/.test((error as Error).message)) return { failure: 'too_many_pixels', most: maxPixels }
  return { failure: isFull(error) ? 'no_room' : 'broken' }
}

/** Node says by a code that there is no room, libvips in words. */
const isFull = (error: unknown) =>
  ['ENOSPC', 'EDQUOT'].includes((error as NodeJS.ErrnoException).code ?? '') ||
  /no space left|quota exceeded/i.test((error as Error).message)
