import { z } from 'zod'
import { tidy } from '../../views/people/names.ts'
import { limits } from './limits.ts'

export const idNumber = z.int().min(1).max(999_999_999_999_999)
/** An id in a path or query: decimal digits without sign, far below 2^53. `/abc` is 400, not 500. */
export const idText = z
  .string()
  .regex(/^[1-9]\d{0,14}$/, 'must be an id')
  .transform(Number)
  .pipe(idNumber)

/** A conversation's number of a change. */
export const seq = z.int().min(0)
/** ISO 8601 in UTC, with milliseconds. */
export const time = z.iso.datetime({ precision: 3 })
/** ISO 8601 with any zone, in a query. PostgreSQL knows neither a year 0 nor a zone beyond 16 hours. */
export const moment = z.iso
  .datetime({ offset: true })
  .transform((value) => new Date(value).toISOString())
  .refine((value) => /^(?!0000)\d{4}-/.test(value), 'must be in the years 1 to 9999')

/** The same in a body, and to come. */
export const future = z.iso
  .datetime({ offset: true })
  .refine((value) => Date.parse(value) > Date.now(), 'must be in the future')
  .transform((value) => new Date(value).toISOString())
  .pipe(time)

export const ById = z.object({ id: idText })

/** A page size in a query. */
export const pageLimit = (standard: number) =>
  z
    .string()
    .regex(/^\d{1,4}$/, 'must be a number')
    .transform(Number)
    .pipe(z.int().min(1).max(limits.maxPage))
    .default(standard)

/** Text that PostgreSQL can hold: no U+0000, no half of a surrogate pair. */
export const text = z
  .string()
  .refine((value) => !value.includes('\0'), 'must not hold U+0000')
  .refine((value) => value.isWellFormed(), 'must be well-formed Unicode')

/** What somebody typed into a search box. */
export const searched = text.pipe(z.string().max(limits.queryCharacters)).transform((value) => value.trim())

/** Neither empty nor only blanks, joiners, fillers and marks that stand on nothing. */
export const visible = /(?![\p{Default_Ignorable_Code_Point}\u2800])[\p{L}\p{N}\p{P}\p{S}\p{Co}]/u
/** They turn the direction of what stands around the text, too. */
const turning = /[\u202a-\u202e\u2066-\u2069]/

/** One line of text, such as a name, with something to be seen: white space folded, invisible signs gone. */
export const line = (max: number) =>
  text
    .refine((value) => !/[[\p{Cc}\u2028\u2029]--\t]/v.test(value), 'must be one line')
    .refine((value) => !turning.test(value), 'must not turn the direction of text')
    .refine((value) => visible.test(value), 'must have a visible character')
    .transform(tidy)
    .pipe(z.string().min(1).max(max))
