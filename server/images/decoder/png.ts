import { crc32, deflateSync, inflateSync } from 'node:zlib'
import { TooManyPixels } from './failure.ts'

const signature = Buffer.from('89504e470d0a1a0a', 'hex')

/** Chunks that determine how the image looks or moves; texts, locations and times are dropped. */
const kept = new Set(['IHDR', 'PLTE', 'tRNS', 'gAMA', 'cHRM', 'sRGB', 'sBIT', 'bKGD', 'pHYs', 'acTL'])

/** Channels, by colour type. */
const channels: Record<number, number> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 }

interface Size {
  width: number
  height: number
}

/**
 * Re-encodes a PNG, still or animated, with the same pixels: every frame is inflated, must have its declared size, and
 * is deflated again. PNG third edition, 5 and 11.
 * @throws Error when it is damaged, TooManyPixels when all frames together have more than `maxPixels`
 */
export function repackPng(file: Buffer, maxPixels: number): Buffer {
  const made: Buffer[] = [signature]
  let header: Buffer = Buffer.alloc(0)
  let size: Size = { width: 0, height: 0 }
  let pixels = 0
  let sequence = 0
  let isFirst = true
  let packed: Buffer[] = []

  const number = () => {
    const bytes = Buffer.alloc(4)
    bytes.writeUInt32BE(sequence++)
    return bytes
  }
  const endFrame = () => {
    if (packed.length === 0) return
    pixels += size.width * size.height
    if (pixels > maxPixels) throw new TooManyPixels(maxPixels)
    const data = deflateSync(unpack(Buffer.concat(packed), bytesOf(size, header)))
    made.push(isFirst ? chunk('IDAT', data) : chunk('fdAT', Buffer.concat([number(), data])))
    isFirst = false
    packed = []
  }

  for (const { type, data } of chunksOf(file)) {
    if (type === 'IDAT' || type === 'fdAT') {
      packed.push(type === 'IDAT' ? data : data.subarray(4))
      continue
    }
    endFrame()
    if (type === 'IHDR') {
      header = data
      size = sizeAt(data, 0)
    } else if (type === 'fcTL') {
      size = frameSize(data, header)
      made.push(chunk('fcTL', Buffer.concat([number(), data.subarray(4, 26)])))
    }
    if (kept.has(type)) made.push(chunk(type, data))
  }
  if (isFirst) throw new Error('no image data')
  return Buffer.concat([...made, chunk('IEND', Buffer.alloc(0))])
}

/** The chunks before the end; anything after it is dropped. */
function* chunksOf(file: Buffer): Generator<{ type: string; data: Buffer }> {
  for (let at = signature.length; at + 12 <= file.length; ) {
    const end = at + 8 + file.readUInt32BE(at)
    const type = file.toString('latin1', at + 4, at + 8)
    if (end + 4 > file.length || file.readUInt32BE(end) !== crc32(file.subarray(at + 4, end)))
      throw new Error(`a damaged ${type}`)
    yield { type, data: file.subarray(at + 8, end) }
    if (type === 'IEND') return
    at = end + 4
  }
  throw new Error('no end')
}

const sizeAt = (data: Buffer, at: number): Size => ({
  width: data.readUInt32BE(at),
  height: data.readUInt32BE(at + 4),
})

function frameSize(data: Buffer, header: Buffer): Size {
  const [frame, canvas] = [sizeAt(data, 4), sizeAt(header, 0)]
  const [right, bottom] = [data.readUInt32BE(12) + frame.width, data.readUInt32BE(16) + frame.height]
  if (right > canvas.width || bottom > canvas.height) throw new Error('a frame outside the image')
  return frame
}

/** The inflated size of the pixels, with a filter byte before each row. */
function bytesOf({ width, height }: Size, header: Buffer): number {
  const bits = header[8]! * (channels[header[9]!] ?? 0)
  const rows = (width: number, height: number) => (width ? height * (1 + Math.ceil((width * bits) / 8)) : 0)
  if (header[12] === 0) return rows(width, height)
  const passes = [
    [0, 0, 8, 8],
    [4, 0, 8, 8],
    [0, 4, 4, 8],
    [2, 0, 4, 4],
    [0, 2, 2, 4],
    [1, 0, 2, 2],
    [0, 1, 1, 2],
  ] as const
  const along = (length: number, from: number, step: number) => Math.max(0, Math.ceil((length - from) / step))
  return passes.reduce(
    (sum, [x, y, stepX, stepY]) => sum + rows(along(width, x, stepX), along(height, y, stepY)),
    0,
  )
}

function unpack(packed: Buffer, bytes: number): Buffer {
  const data = inflateSync(packed, { maxOutputLength: Math.max(1, bytes) })
  if (data.length !== bytes) throw new Error('the number of pixels is not the declared one')
  return data
}

function chunk(type: string, data: Buffer): Buffer {
  const made = Buffer.concat([Buffer.alloc(4), Buffer.from(type), data, Buffer.alloc(4)])
  made.writeUInt32BE(data.length)
  made.writeUInt32BE(crc32(made.subarray(4, 8 + data.length)), 8 + data.length)
  return made
}
