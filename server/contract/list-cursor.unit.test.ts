import { expect, test } from 'vitest'
import type { Conversation } from './conversations.ts'
import { listCursorText, writeListCursor } from './conversations.ts'

const written = (updated_at: string, id = 1) => writeListCursor({ updated_at, id } as Conversation)

test('a cursor is read as it was written', () => {
  const updatedAt = '2026-11-20T09:40:21.500Z'
  expect(listCursorText.parse(written(updatedAt, 7))).toEqual({ updatedAt, id: 7 })
})

test.each(['0000-01-01T00:00:00Z', '2026-11-20', '+012026-11-20T00:00:00Z', '9'.repeat(30)])(
  'a cursor of %s was not written by us',
  (time) => {
    expect(listCursorText.safeParse(written(time)).success).toBe(false)
  },
)

test('a cursor whose id no row can have was not written by us', () => {
  const id = Number.MAX_SAFE_INTEGER + 1
  expect(listCursorText.safeParse(written('2026-11-20T09:40:21.500Z', id)).success).toBe(false)
})
