import { z } from 'zod'
import type { Conversation } from '../live/events.ts'
import { cursorText, writeCursor } from '../web/cursor.ts'
import { idNumber } from '../web/params.ts'

export interface Cursor {
  updatedAt: string
  id: number
}

/** PostgreSQL knows no year 0. */
const time = z.iso.datetime().refine((text) => !text.startsWith('0000'))
const Written = z.tuple([time, idNumber]).transform(([updatedAt, id]): Cursor => ({ updatedAt, id }))

export const listCursor = (last: Conversation) => writeCursor([last.updated_at, last.id])
export const listCursorText = cursorText(Written, 100)
