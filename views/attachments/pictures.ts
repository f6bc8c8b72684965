import type { Attachment } from '../../server/contract/attachments.ts'

type Size = Pick<Attachment, 'width' | 'height'>

export const isPicture = ({ mime_type, width }: Attachment): boolean =>
  mime_type.startsWith('image/') && width !== null

/** Beyond this ratio of its sides, a picture shown whole would be a mere strip. */
const maxRatio = 2.25

/** Too tall or too wide to be shown whole. */
export const isLong = ({ width, height }: Size): boolean =>
  width !== null && height !== null && Math.max(width / height, height / width) > maxRatio

/** The size in which a picture is shown, known before it loads, so that nothing moves; never enlarged. */
export function fitted({ width, height }: Size, maxSide: number): { width: number; height: number } {
  if (!width || !height) return { width: maxSide, height: maxSide }
  const scale = Math.min(1, maxSide / width, maxSide / height)
  const side = (length: number) =>
    Math.max(1, Math.round(length * scale), Math.min(length, Math.round(maxSide / maxRatio)))
  return { width: side(width), height: side(height) }
}
