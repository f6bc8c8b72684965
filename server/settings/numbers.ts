import { z } from 'zod'

/** A whole number in digits, and in nothing that only a programming language takes for one: 0x50, 1e3, 25MB. */
export const whole = (min: number, max: number) =>
  z.string().transform((text, context) => {
    const number = /^\d+$/.test(text) ? Number(text) : Number.NaN
    if (!(number >= min && number <= max))
      context.addIssue(`must be a whole number from ${min} to ${max}, in digits`)
    return number
  })

/** One of these words, however its letters are written. */
export const word = <const T extends string>(...words: T[]) =>
  z
    .string()
    .toLowerCase()
    .pipe(z.enum(words, { error: `must be ${words.slice(0, -1).join(', ')} or ${words.at(-1)}` }))
