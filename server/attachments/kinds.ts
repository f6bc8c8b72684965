import { fileTypeFromFile } from 'file-type'
import { Problem } from '../web/problem.ts'
import type { Kind } from './kind.ts'
import { officeKind } from './office.ts'
import { plainTextKind } from './plain-text.ts'

const openXml = 'application/vnd.openxmlformats-officedocument'
const openDocument = 'application/vnd.oasis.opendocument'

/** Everything that may be uploaded, besides plain text. Nothing here can run in a browser or by a double click. */
const allowed: Record<string, readonly string[]> = {
  'image/jpeg': ['jpg', 'jpeg', 'jpe', 'jfif'],
  'image/png': ['png'],
  'image/webp': ['webp'],
  'image/gif': ['gif'],
  'image/avif': ['avif'],
  'application/pdf': ['pdf'],
  [`${openXml}.wordprocessingml.document`]: ['docx'],
  [`${openXml}.spreadsheetml.sheet`]: ['xlsx'],
  [`${openXml}.presentationml.presentation`]: ['pptx'],
  [`${openDocument}.text`]: ['odt'],
  [`${openDocument}.spreadsheet`]: ['ods'],
  [`${openDocument}.presentation`]: ['odp'],
  [`${openDocument}.graphics`]: ['odg'],
  'application/zip': ['zip', 'docx', 'xlsx', 'pptx', 'odt', 'ods', 'odp', 'odg'],
  'audio/mpeg': ['mp3'],
  'audio/mp4': ['m4a'],
  'audio/ogg': ['ogg', 'oga', 'opus'],
  'audio/wav': ['wav'],
  'video/mp4': ['mp4', 'm4v', 'm4a'],
  'video/webm': ['webm'],
}

/** Other names of the same content. */
const same: Record<string, string> = {
  'image/apng': 'image/png',
  'audio/x-m4a': 'audio/mp4',
  'video/x-m4v': 'video/mp4',
}

/** Sound of the nineties by its first two bytes, which are also those that text in UTF-16 begins with. */
const unsure = new Set(['mp1', 'mp2'])

/**
 * What a file is, by its content and never by what the sender calls it; only of plain text, which has no marks of
 * its own, the name has a say.
 * @throws Problem 415 when it is nothing that may be uploaded
 */
export async function kindOf(path: string, name: string): Promise<Kind> {
  const found = await fileTypeFromFile(path).catch(() => undefined)
  if (!found || unsure.has(found.ext)) return (await plainTextKind(path, name)) ?? refuse()
  const detected = found.mime.split(';')[0]!
  if (detected === 'application/x-cfb') return (await officeKind(path)) ?? refuse()
  const mime = same[detected] ?? detected
  const extensions = allowed[mime]
  return extensions ? { mime, extensions } : refuse()
}

function refuse(): never {
  throw new Problem(
    415,
    'unsupported_media_type',
    'Files of this kind cannot be sent: images, documents, plain text, audio, video and zip archives can.',
  )
}
