const element = (id: string, data: Buffer): Buffer =>
  Buffer.concat([Buffer.from(id, 'hex'), Buffer.from([0x40 | (data.length >> 8), data.length & 255]), data])
const numbered = (id: string, value: number) => element(id, Buffer.from([value]))
const trackTypes = { video: 1, sound: 2 }

/** A WebM file as browsers record it, of which the Segment has no size. */
export function webm(...tracks: (keyof typeof trackTypes)[]): Buffer {
  const entries = tracks.map((kind, i) =>
    element('ae', Buffer.concat([numbered('d7', i + 1), numbered('83', trackTypes[kind])])),
  )
  return Buffer.concat([
    element('1a45dfa3', element('4282', Buffer.from('webm'))),
    Buffer.from('1853806701ffffffffffffff', 'hex'),
    element('1549a966', numbered('2ad7b1', 1)),
    element('1654ae6b', Buffer.concat(entries)),
    element('1f43b675', Buffer.from('dźwięk')),
  ])
}

const box = (type: string, ...parts: Buffer[]): Buffer => {
  const body = Buffer.concat(parts)
  const head = Buffer.alloc(8)
  head.writeUInt32BE(8 + body.length)
  head.write(type, 4, 'latin1')
  return Buffer.concat([head, body])
}

/** An MP4 file as Safari records it. */
export const mp4 = (...handlers: string[]): Buffer =>
  Buffer.concat([
    box('ftyp', Buffer.from('iso5\0\0\0\0iso5hlsf', 'latin1')),
    box('moov', ...handlers.map((kind) => box('hdlr', Buffer.alloc(8), Buffer.from(kind), Buffer.alloc(12)))),
    box('moof', Buffer.alloc(20)),
  ])
