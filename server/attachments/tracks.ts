import { open } from 'node:fs/promises'

/** Recorders write what tracks there are at the beginning. */
const lookedBytes = 64 * 1024

/**
 * WebM and MP4 are called video whatever is in them. Of those with sound alone, as phones and browsers record, the type of
 * audio.
 */
export async function withoutPictures(path: string, mime: string): Promise<string> {
  if (mime !== 'video/webm' && mime !== 'video/mp4') return mime
  const kinds =
    mime === 'video/webm' ? tracksOfWebm(await beginning(path)) : tracksOfMp4(await beginning(path))
  return kinds.size === 1 && kinds.has('sound') ? mime.replace('video', 'audio') : mime
}

async function beginning(path: string): Promise<Buffer> {
  const file = await open(path)
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(lookedBytes))
    return buffer.subarray(0, bytesRead)
  } finally {
    await file.close()
  }
}

type Track = 'sound' | 'other'

/** RFC 9559: in Segment, in Tracks, each TrackEntry has a TrackType, of which 2 is audio. */
function tracksOfWebm(bytes: Buffer): Set<Track> {
  const segment = elementsOf(bytes).find(({ id }) => id === 0x18538067)
  const tracks = segment && elementsOf(segment.data).find(({ id }) => id === 0x1654ae6b)
  const entries = tracks ? elementsOf(tracks.data).filter(({ id }) => id === 0xae) : []
  return new Set(
    entries.map(({ data }) => {
      const type = elementsOf(data).find(({ id }) => id === 0x83)
      return type?.data[0] === 2 ? 'sound' : 'other'
    }),
  )
}

interface Element {
  id: number
  data: Buffer
}

/** RFC 8794: elements one after the other, each with its id, its size and its data; one of unknown size ends with the rest. */
function elementsOf(bytes: Buffer): Element[] {
  const found: Element[] = []
  for (let at = 0; at < bytes.length; ) {
    const idLength = lengthAt(bytes, at)
    const sizeLength = lengthAt(bytes, at + idLength)
    const dataAt = at + idLength + sizeLength
    // A first byte of zero begins neither.
    if (idLength > 4 || sizeLength > 8 || dataAt > bytes.length) break
    const end = Math.min(dataAt + sizeOf(bytes.subarray(at + idLength, dataAt)), bytes.length)
    found.push({ id: bytes.readUIntBE(at, idLength), data: bytes.subarray(dataAt, end) })
    at = end
  }
  return found
}

/** As many bytes as it begins with zero bits, and one. */
const lengthAt = (bytes: Buffer, at: number) => Math.clz32(bytes[at] ?? 0) - 23

/** Without its first bit that is set; all others set, it is unknown. */
function sizeOf(bytes: Buffer): number {
  const bits = 7 * bytes.length
  const size = Number(BigInt(`0x${bytes.toString('hex')}`) - (1n << BigInt(bits)))
  return size === 2 ** bits - 1 ? Number.POSITIVE_INFINITY : size
}

/** ISO/IEC 14496-12: in the movie box each track has a handler, which says its kind 8 bytes after its name. */
function tracksOfMp4(bytes: Buffer): Set<Track> {
  const movie = movieIn(bytes)
  const found = new Set<Track>()
  for (let at = movie.indexOf('hdlr'); at >= 0; at = movie.indexOf('hdlr', at + 4)) {
    const kind = movie.toString('latin1', at + 12, at + 16)
    if (kind === 'soun') found.add('sound')
    // Names and covers have handlers, too.
    else if (/^(vide|text|sbtl|subt|hint)$/.test(kind)) found.add('other')
  }
  return found
}

/** Empty where it is not whole: who knows what tracks follow. */
function movieIn(bytes: Buffer): Buffer {
  for (let at = 0; at + 8 <= bytes.length; ) {
    const size = bytes.readUInt32BE(at)
    const end = at + size
    if (bytes.toString('latin1', at + 4, at + 8) === 'moov' && end <= bytes.length)
      return bytes.subarray(at, end)
    if (size < 8) break
    at = end
  }
  return bytes.subarray(0, 0)
}
