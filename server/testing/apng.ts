import { deflateSync } from 'node:zlib'
import { pngChunk, pngSignature } from './files.ts'

const words = (...numbers: number[]) => {
  const bytes = Buffer.alloc(4 * numbers.length)
  for (const [i, number] of numbers.entries()) bytes.writeUInt32BE(number, 4 * i)
  return bytes
}

/**
 * An animated PNG of grey pixels with so many frames, the first as large as the picture, the others within it.
 * @param more further chunks before the picture, and `extra` what stands behind a frame's pixels
 */
export function apng(frames: number, { side = 20, more = [] as Buffer[], extra = '' } = {}): Buffer {
  let sequence = 0
  const body = Array.from({ length: frames }, (_, frame) => {
    const size = frame ? side / 2 : side
    const place = frame ? side / 4 : 0
    const control = Buffer.concat([
      words(sequence++, size, size, place, place),
      Buffer.from([0, 1, 0, 10, 0, 0]),
    ])
    const rows = Buffer.alloc(size * (size + 1)).map((_, at) => (at % (size + 1) ? frame * 40 : 0))
    const pixels = Buffer.concat([deflateSync(rows), Buffer.from(extra)])
    const data = frame
      ? pngChunk('fdAT', Buffer.concat([words(sequence++), pixels]))
      : pngChunk('IDAT', pixels)
    return Buffer.concat([pngChunk('fcTL', control), data])
  })
  return Buffer.concat([
    pngSignature,
    pngChunk('IHDR', Buffer.concat([words(side, side), Buffer.from([8, 0, 0, 0, 0])])),
    pngChunk('acTL', words(frames, 0)),
    ...more,
    ...body,
    pngChunk('IEND', Buffer.alloc(0)),
  ])
}
