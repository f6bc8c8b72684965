import { z } from 'zod'

/** Where a page of a list ended; opaque to whoever carries it. */
export const writeCursor = (place: readonly unknown[]): string =>
  new TextEncoder().encode(JSON.stringify(place)).toBase64({ alphabet: 'base64url', omitPadding: true })

/** A cursor in a query; one that we did not write does not fit. */
export const cursorText = <Place>(written: z.ZodType<Place>, maxLength: number) =>
  z
    .string()
    .max(maxLength)
    .transform((text, context): Place => {
      const read = written.safeParse(parse(text))
      if (read.success) return read.data
      context.addIssue('must be a next_cursor of an earlier page')
      return z.NEVER
    })

function parse(text: string): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(Uint8Array.fromBase64(text, { alphabet: 'base64url' })))
  } catch {
    return undefined
  }
}
