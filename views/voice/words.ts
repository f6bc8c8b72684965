import type { Attachment } from '../../server/contract/attachments.ts'

type Sound = Pick<Attachment, 'mime_type'>

/** What browsers can play. */
export const isPlayable = ({ mime_type }: Sound): boolean =>
  /^audio\/(mpeg|mp4|aac|ogg|wav|flac|webm)$/.test(mime_type)

/** 0:12 */
export function lengthOf(milliseconds: number): string {
  const seconds = Math.floor(milliseconds / 1000)
  return `${Math.floor(seconds / 60)}:${`${seconds % 60}`.padStart(2, '0')}`
}
