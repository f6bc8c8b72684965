import { z } from 'zod'

/** Where a page of a list ended; opaque to whoever carries it. */
export const writeCursor = (place: readonly unknown[]): string =>
  Buffer.from(JSON.stringify(place)).toString('base64url')

/** A cursor in a query; one that we did not write does not fit. */
export const cursorText = <Place>(written: z.ZodType<Place>, most: number) =>
  z
    .string()
    .max(most)
    .transform((text, context): Place => {
      const read = written.safeParse(parseJson(Buffer.from(text, 'base64url').toString()))
      if (read.success) return read.data
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
