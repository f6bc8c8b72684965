import { readFile } from 'node:fs/promises'
import { officeKinds } from './documents.ts'
import type { Kind } from './kind.ts'
import { extensionOf } from './names.ts'

const outlook = { mime: 'application/vnd.ms-outlook', extensions: ['msg', 'oft'] }

/** By the name of the stream that holds the document, in the container's directory. */
const streams: [name: string, kind: Kind][] = [
  ['WordDocument', { mime: 'application/msword', extensions: ['doc', 'dot', 'wiz'] }],
  ['Workbook', { mime: 'application/vnd.ms-excel', extensions: ['xls', 'xlt'] }],
  ['Book', { mime: 'application/vnd.ms-excel', extensions: ['xls', 'xlt'] }],
  ['PowerPoint Document', { mime: 'application/vnd.ms-powerpoint', extensions: ['ppt', 'pps', 'pot'] }],
  ['VisioDocument', { mime: 'application/vnd.visio', extensions: ['vsd', 'vst'] }],
  ['__properties_version1.0', outlook],
]

/**
 * Which Office format a compound file is: an old one, or a new one with a password. Installers and others use the same
 * container.
 */
export async function officeKind(path: string, name: string): Promise<Kind | undefined> {
  const file = await readFile(path)
  const [, kind] = streams.find(([stream]) => hasStream(file, stream)) ?? []
  return kind ?? (hasStream(file, 'EncryptedPackage') ? lockedKind(name) : undefined)
}

/** An encrypted document cannot be inspected, nor do harm before its reader opens it: its name is trusted. */
function lockedKind(name: string): Kind | undefined {
  const extension = extensionOf(name)
  const found = Object.entries(officeKinds).find(
    ([, extensions]) => !extension || extensions.includes(extension),
  )
  return found && { mime: found[0], extensions: found[1] }
}

/**
 * [MS-CFB] 2.6: an entry of the directory has 128 bytes, begins with its name in UTF-16 and a NUL, has the name's
 * length in bytes at 64 and its type at 66, where 2 is a stream.
 */
function hasStream(file: Buffer, stream: string): boolean {
  const name = Buffer.from(`${stream}\0`, 'utf16le')
  for (let at = file.indexOf(name); at >= 0; at = file.indexOf(name, at + 1)) {
    const isEntry = at % 128 === 0 && at + 128 <= file.length
    if (isEntry && file.readUInt16LE(at + 64) === name.length && file[at + 66] === 2) return true
  }
  return false
}
