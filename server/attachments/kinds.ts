import { open } from 'node:fs/promises'
import { Problem } from '../web/problem.ts'
import { documentKinds } from './documents.ts'
import type { Kind } from './kind.ts'
import { officeKind } from './office.ts'
import { isTextName, plainTextKind } from './plain-text.ts'
import { withoutPictures } from './tracks.ts'

/**
 * Everything that may be uploaded, besides old Office documents and plain text, with its extensions, the usual one
 * first. Nothing here can run in a browser or by a double click.
 */
const allowed: Record<string, readonly string[]> = {
  'image/jpeg': ['jpg', 'jpeg', 'jpe', 'jfif'],
  'image/png': ['png'],
  'image/webp': ['webp'],
  'image/gif': ['gif'],
  'image/avif': ['avif'],
  'application/pdf': ['pdf'],
  'application/rtf': ['rtf', 'doc'],
  'application/epub+zip': ['epub'],
  ...documentKinds,
  // Documents are archives themselves, and those made on phones and Macs look like any other.
  'application/zip': ['zip', ...Object.values(documentKinds).flat(), 'pages', 'numbers', 'key', 'kmz'],
  'application/x-7z-compressed': ['7z'],
  'application/x-rar-compressed': ['rar'],
  'audio/mpeg': ['mp3'],
  'audio/mp4': ['m4a', 'm4b', 'mp4', 'aac'],
  'audio/aac': ['aac'],
  'audio/amr': ['amr', '3ga'],
  'audio/flac': ['flac'],
  'audio/aiff': ['aiff', 'aif', 'aifc'],
  'audio/midi': ['mid', 'midi'],
  'audio/ogg': ['ogg', 'oga', 'opus', 'spx'],
  'audio/wav': ['wav'],
  'audio/webm': ['webm', 'weba'],
  'audio/x-ms-wma': ['wma'],
  'video/mp4': ['mp4', 'm4v', 'm4a', 'mpg4', 'f4v', 'mov', '3gp'],
  'video/quicktime': ['mov', 'qt', 'mp4'],
  'video/3gpp': ['3gp', '3gpp', 'mp4', 'm4a'],
  'video/3gpp2': ['3g2', '3gp2', 'mp4'],
  'video/webm': ['webm'],
  'video/x-matroska': ['mkv', 'mka', 'mk3d'],
  'video/x-msvideo': ['avi', 'divx'],
  'video/x-ms-wmv': ['wmv', 'asf'],
  'video/mpeg': ['mpg', 'mpeg', 'mpe', 'm1v', 'm2v', 'vob', 'mod'],
  'video/mp2t': ['mts', 'm2ts', 'm2t', 'ts', 'tod'],
  'video/ogg': ['ogv', 'ogg'],
  'video/x-flv': ['flv'],
}

/** Other names for the same type. */
const same: Record<string, string> = {
  'audio/x-m4a': 'audio/mp4',
  'audio/x-ms-asf': 'audio/x-ms-wma',
  'video/x-m4v': 'video/mp4',
  'video/matroska': 'video/x-matroska',
  'video/vnd.avi': 'video/x-msvideo',
  'video/x-ms-asf': 'video/x-ms-wmv',
  'application/vnd.ms-asf': 'video/x-ms-wmv',
  'video/MP1S': 'video/mpeg',
  'video/MP2P': 'video/mpeg',
  'application/ogg': 'audio/ogg',
}

/** Old MPEG audio by its first two bytes, which UTF-16 text may begin with too. */
const unsure = new Set(['mp1', 'mp2'])

/**
 * The type of a file, by its content and never by its name. Only for plain text, which has no signature, and for
 * encrypted documents does the name count.
 * @throws Problem 415 when it may not be uploaded
 */
export async function kindOf(path: string, name: string): Promise<Kind> {
  // Many signatures are a few letters that text may begin with too: "MZ" (a ministry), "BM", "ID3".
  const text = isTextName(name) && (await plainTextKind(path, name))
  if (text) return text
  const found = await detect(path).catch(() => undefined)
  const kind = found && !unsure.has(found.ext) && (await markedKind(path, name, found.mime.split(';')[0]!))
  return kind || ((await plainTextKind(path, name)) ?? refuse())
}

/** Loaded for the first file: it holds parsers of whatever there is. */
const detect = async (path: string) => (await import('file-type')).fileTypeFromFile(path)

async function markedKind(path: string, name: string, detected: string): Promise<Kind | undefined> {
  if (detected === 'application/x-cfb') return officeKind(path, name)
  if (detected === 'image/apng') return { mime: 'image/png', extensions: ['png', 'apng'], content: detected }
  if (/^image\/hei[cf]/.test(detected)) return heifKind(path)
  const mime = await withoutPictures(path, same[detected] ?? detected)
  const extensions = allowed[mime]
  return extensions && { mime, extensions }
}

/** Browsers do not show HEIC, so it is stored as JPEG. The same container may hold an AVIF, as its brands say. */
async function heifKind(path: string): Promise<Kind> {
  const file = await open(path)
  const { buffer, bytesRead } = await file.read(Buffer.alloc(64)).finally(() => file.close())
  const brands = buffer.toString('latin1', 8, Math.min(bytesRead, buffer.readUInt32BE(0)))
  if (/avi[fs]/.test(brands) && !/he[iv][cx]/.test(brands))
    return { mime: 'image/avif', extensions: ['avif'] }
  const extensions = allowed['image/jpeg']!
  return { mime: 'image/jpeg', extensions, content: 'image/heif', replaced: ['heic', 'heif', 'hif', 'heics'] }
}

function refuse(): never {
  throw new Problem(
    415,
    'unsupported_media_type',
    'Files of this kind cannot be sent: images, documents, plain text, audio, video and archives can.',
  )
}
