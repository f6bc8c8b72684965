import { expect, test } from 'vitest'
import { isTooLarge } from './replay.ts'

const envelope = (kilobytes: number, own: number[] = []) => ({
  header: { kind: 'signal' } as const,
  frame: Buffer.alloc(kilobytes * 1024),
  own: own.map((each, userId) => ({ userIds: [userId], frame: Buffer.alloc(each * 1024) })),
})

test.each([
  ['a little', [envelope(200), envelope(200)], false],
  ['much in the frames for all', [envelope(300), envelope(300)], true],
  ['much in the frames of some', [envelope(1, Array<number>(600).fill(1))], true],
])('%s is replayed, or is too large for that', (_, envelopes, isMuch) => {
  expect(isTooLarge(envelopes)).toBe(isMuch)
})
