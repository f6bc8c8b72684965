import { resolve } from 'node:path'
import { z } from 'zod'

/** A folder's path, made absolute. */
export const folder = z.string().transform((text, context) => {
  if (text.startsWith('~')) context.addIssue('must be a path; only a shell knows what ~ stands for')
  if (/^[a-z][a-z\d+.-]+:/i.test(text)) context.addIssue('must be a path, not a URL')
  return resolve(text)
})
