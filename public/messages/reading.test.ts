import { beforeEach, expect, test, vi } from 'vitest'

const sendRead = vi.fn(async (_conversationId: number, _messageId: number) => {})
vi.mock('../api.ts', () => ({ api: { read: sendRead } }))
const { Reading } = await import('./reading.ts')

let reading: InstanceType<typeof Reading>
beforeEach(() => {
  sendRead.mockClear()
  reading = new Reading(1, 100)
})
const seeAll = () => reading.seen(110, 110)

test('what was marked as unread elsewhere is read again once it is read elsewhere', () => {
  reading.leave(90, 'elsewhere')
  seeAll()
  reading.readElsewhere(89)
  expect([reading.isLeft, reading.upTo]).toEqual([true, 89])
  reading.readElsewhere(100)
  expect([reading.isLeft, reading.upTo]).toEqual([false, 100])
  seeAll()
  expect(sendRead).toHaveBeenCalledExactlyOnceWith(1, 110)
})

test('what was marked as unread here stays so until it is opened anew', () => {
  reading.leave(90, 'here')
  // The event comes to all devices, this one too.
  reading.leave(90, 'elsewhere')
  reading.readElsewhere(100)
  seeAll()
  expect(sendRead).not.toHaveBeenCalled()
  reading.enter()
  seeAll()
  expect(sendRead).toHaveBeenCalledExactlyOnceWith(1, 110)
})

test('where it could not be marked as unread, reading goes on from where it was', () => {
  const takeBack = reading.leave(90, 'here')
  expect(takeBack()).toBe(true)
  expect([reading.isLeft, reading.upTo]).toEqual([false, 100])
  seeAll()
  expect(sendRead).toHaveBeenCalledExactlyOnceWith(1, 110)
})

test('what was told since is not taken back', () => {
  const takeBack = reading.leave(90, 'here')
  reading.leave(90, 'elsewhere')
  expect(takeBack()).toBe(false)
  expect([reading.isLeft, reading.upTo]).toEqual([true, 89])
})
