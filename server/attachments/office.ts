import { readFile } from 'node:fs/promises'
import type { Kind } from './kind.ts'

/** By the stream that holds the document itself, as it is named in the container's directory. */
const streams: [name: string, kind: Kind][] = [
  ['WordDocument', { mime: 'application/msword', extensions: ['doc', 'dot'] }],
  ['Workbook', { mime: 'application/vnd.ms-excel', extensions: ['xls', 'xlt'] }],
  ['Book', { mime: 'application/vnd.ms-excel', extensions: ['xls', 'xlt'] }],
  ['PowerPoint Document', { mime: 'application/vnd.ms-powerpoint', extensions: ['ppt', 'pps', 'pot'] }],
]

/**
 * Which of Microsoft's old formats a compound file is; installers and others share the container.
 * [MS-CFB] 2.6: an entry of the directory has 128 bytes, begins with its name in UTF-16 and a NUL, has the name's
 * length in bytes at 64 and its type at 66, where 2 is a stream.
 */
export async function officeKind(path: string): Promise<Kind | undefined> {
  const file = await readFile(path)
  return streams.find(([name]) => hasStream(file, Buffer.from(`${name}\0`, 'utf16le')))?.[1]
}

function hasStream(file: Buffer, name: Buffer): boolean {
  for (let at = file.indexOf(name); at >= 0; at = file.indexOf(name, at + 1)) {
    const isEntry = at % 128 === 0 && at + 128 <= file.length
    if (isEntry && file.readUInt16LE(at + 64) === name.length && file[at + 66] === 2) return true
  }
  return false
}
