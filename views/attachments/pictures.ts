import type { Attachment } from '../../server/live/events.ts'

export const isPicture = ({ mime_type, width }: Attachment): boolean =>
  mime_type.startsWith('image/') && width !== null

/** The size a picture is shown at: never larger than it is, so that its place is there before it has come. */
export function fitted({ width, height }: Attachment, most: number): { width: number; height: number } {
  if (!width || !height) return { width: most, height: most }
  const scale = Math.min(1, most / width, most / height)
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) }
}
