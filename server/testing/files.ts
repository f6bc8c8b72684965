import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { crc32, deflateRawSync, deflateSync } from 'node:zlib'
import sharp, { type Sharp } from 'sharp'
import type { Answer, Person } from './service.ts'

/** Uploads a file as a browser does. */
export function upload(
  person: Person,
  content: string | Uint8Array,
  name = 'plik',
  field = 'file',
  query = '',
) {
  const body = new FormData()
  body.set(field, new File([content as Uint8Array<ArrayBuffer>], name))
  return person.request('POST', `/api/messages/upload${query}`, { body })
}

/** Sends a multipart body as it is written here; its boundary is `xxx`. */
export function uploadRaw(
  person: Person,
  body: string | Uint8Array,
  type = 'multipart/form-data; boundary=xxx',
) {
  const headers = { 'content-type': type }
  return person.request('POST', '/api/messages/upload', { body: body as Uint8Array<ArrayBuffer>, headers })
}

/** One part of a multipart body with the boundary `xxx`. */
export const part = (disposition: string, content: string) =>
  `--xxx\r\nContent-Disposition: form-data; ${disposition}\r\n\r\n${content}\r\n`

/** A file as it is served, in bytes. */
export async function download(address: string, person: Person, path: string, headers = {}) {
  const answer = await fetch(address + path, { headers: { cookie: person.cookie, ...headers } })
  return { answer, bytes: Buffer.from(await answer.arrayBuffer()) }
}

/** Everything in the folders of what is received and what is kept. */
export function filesOnDisk(dataDir = process.env.DATA_DIR!): string[] {
  return ['uploads', 'attachments'].flatMap((folder) => {
    const path = join(dataDir, folder)
    return existsSync(path) ? readdirSync(path).map((name) => `${folder}/${name}`) : []
  })
}

export const said = ({ status, body }: Answer) => [status, body.code]

/** A picture whose left half is red and whose right half is blue. */
export function picture(width: number, height: number): Sharp {
  const half = { width: Math.ceil(width / 2), height, channels: 3 as const, background: '#0000ff' }
  return sharp({ create: { width, height, channels: 3, background: '#ff0000' } }).composite([
    { input: { create: half }, left: Math.floor(width / 2), top: 0 },
  ])
}

/** A GIF of so many frames, each of another grey. */
export async function animation(frames: number, side = 20): Promise<Buffer> {
  const pixels = Buffer.alloc(frames * side * side * 3, 0).map(
    (_, at) => Math.floor(at / (side * side * 3)) * 20,
  )
  const raw = { width: side, height: side * frames, channels: 3 as const, pageHeight: side }
  return sharp(pixels, { raw })
    .gif({ delay: Array(frames).fill(100), loop: 0 })
    .toBuffer()
}

export const pngSignature = Buffer.from('89504e470d0a1a0a', 'hex')

export const pngChunk = (type: string, data: Buffer) => {
  const body = Buffer.concat([Buffer.from(type), data])
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)]
  length.writeUInt32BE(data.length)
  sum.writeUInt32BE(crc32(body))
  return Buffer.concat([length, body, sum])
}

/** A small PNG file that says it is this large. */
export function pngBomb(width: number, height: number): Buffer {
  const header = Buffer.from([0, 0, 0, 0, 0, 0, 0, 0, 8, 2, 0, 0, 0])
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  const pixels = deflateSync(Buffer.alloc(4 * 1024 * 1024))
  return Buffer.concat([
    pngSignature,
    pngChunk('IHDR', header),
    pngChunk('IDAT', pixels),
    pngChunk('IEND', Buffer.alloc(0)),
  ])
}

/** A zip archive of these files. */
export function zip(files: Record<string, string | Buffer>): Buffer {
  const locals: Buffer[] = []
  const directory: Buffer[] = []
  let offset = 0
  for (const [name, content] of Object.entries(files)) {
    const [plain, path] = [Buffer.from(content), Buffer.from(name)]
    const isStored = name === 'mimetype'
    const packed = isStored ? plain : deflateRawSync(plain)
    const fields = Buffer.alloc(26)
    fields.writeUInt16LE(20, 0)
    fields.writeUInt16LE(isStored ? 0 : 8, 4)
    fields.writeUInt32LE(crc32(plain), 10)
    fields.writeUInt32LE(packed.length, 14)
    fields.writeUInt32LE(plain.length, 18)
    fields.writeUInt16LE(path.length, 22)
    const place = Buffer.alloc(14)
    place.writeUInt32LE(offset, 10)
    locals.push(Buffer.from('PK\x03\x04'), fields, path, packed)
    directory.push(Buffer.from('PK\x01\x02\x14\x00'), fields, place, path)
    offset += 4 + 26 + path.length + packed.length
  }
  const [body, list, end] = [Buffer.concat(locals), Buffer.concat(directory), Buffer.alloc(22)]
  end.write('PK\x05\x06', 'latin1')
  for (const at of [8, 10]) end.writeUInt16LE(Object.keys(files).length, at)
  end.writeUInt32LE(list.length, 12)
  end.writeUInt32LE(body.length, 16)
  return Buffer.concat([body, list, end])
}

/** A document of Office or, by its `mimetype`, of OpenDocument. */
export const openXml = (type: string) =>
  zip({
    '[Content_Types].xml': `<?xml version="1.0"?><Types><Override PartName="/x.xml" ContentType="${type}.main+xml"/></Types>`,
    'x.xml': '<x/>',
  })

/** Microsoft's old container with one stream of this name in its directory. */
export function compound(stream: string): Buffer {
  const file = Buffer.alloc(512 * 4)
  file.write('d0cf11e0a1b11ae1', 'hex')
  for (const [i, name] of ['Root Entry', stream].entries()) {
    const at = 1024 + i * 128
    file.write(`${name}\0`, at, 'utf16le')
    file.writeUInt16LE((name.length + 1) * 2, at + 64)
    file[at + 66] = i === 0 ? 5 : 2
  }
  return file
}
