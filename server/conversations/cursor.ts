import { z } from 'zod'
import type { Conversation } from '../live/events.ts'
import { idNumber } from '../web/params.ts'

export interface Cursor {
  updatedAt: string
  id: number
}

/** PostgreSQL knows no year 0. */
const time = z.iso.datetime().refine((text) => !text.startsWith('0000'))
const Written = z.tuple([time, idNumber])

/** Where a page of the list ended; opaque to whoever carries it. */
export const writeCursor = (last: Conversation) =>
  Buffer.from(JSON.stringify([last.updated_at, last.id])).toString('base64url')

/** A cursor in a query; one that we did not write does not fit. */
export const cursorText = z
  .string()
  .max(100)
  .transform((text, context): Cursor => {
    const read = Written.safeParse(parseJson(Buffer.from(text, 'base64url').toString()))
    if (read.success) return { updatedAt: read.data[0], id: read.data[1] }
    context.addIssue('must be a next_cursor of an earlier page')
    return z.NEVER
  })

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
