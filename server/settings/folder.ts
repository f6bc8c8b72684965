import { isAbsolute, resolve } from 'node:path'
import { z } from 'zod'

/** A folder's path, made absolute. */
export const folder = z.string().transform((text, context) => {
  if (text.startsWith('~')) context.addIssue('must be a path; only a shell knows what ~ stands for')
  if (/^[a-z][a-z\d+.-]+:/i.test(text)) context.addIssue('must be a path, not a URL')
  return resolve(text)
})

/** `yes`, or a folder in full; `no` is what it is without. */
export const yesOrFolder = z.string().transform((text, context) => {
  const word = text.toLowerCase()
  if (word !== 'yes' && word !== 'no' && !isAbsolute(text))
    context.addIssue("must be yes, or the folder of the older PostgreSQL's programs in full")
  if (word === 'no') return undefined
  return word === 'yes' ? 'yes' : text
})
