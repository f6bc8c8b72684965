import type { Attachment } from '../../server/contract/attachments.ts'

type Size = Pick<Attachment, 'width' | 'height'>

export const isPicture = ({ mime_type, width }: Attachment): boolean =>
  mime_type.startsWith('image/') && width !== null

/** Beyond this a picture shown whole would be a strip. */
const longest = 2.25

/** Whether it is so tall, or so wide, that its place shows a part of it. */
export const isLong = ({ width, height }: Size): boolean =>
  width !== null && height !== null && Math.max(width / height, height / width) > longest

/** The size a picture is shown at: never larger than it is, so that its place is there before it has come. */
export function fitted({ width, height }: Size, most: number): { width: number; height: number } {
  if (!width || !height) return { width: most, height: most }
  const scale = Math.min(1, most / width, most / height)
  const side = (length: number) =>
    Math.max(1, Math.round(length * scale), Math.min(length, Math.round(most / longest)))
  return { width: side(width), height: side(height) }
}
