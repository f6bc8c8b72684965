import { isAbsolute, resolve } from 'node:path'

/** A folder's path, made absolute. */
export function folder(text: string): string {
  if (text.startsWith('~')) throw new Error('must be a path; only a shell knows what ~ stands for')
  if (/^[a-z][a-z\d+.-]+:/i.test(text)) throw new Error('must be a path, not a URL')
  return resolve(text)
}

/** `yes`, or a folder in full; `no` is what it is without. */
export function yesOrFolder(text: string): string | undefined {
  const word = text.toLowerCase()
  if (word === 'no') return undefined
  if (word === 'yes') return 'yes'
  if (!isAbsolute(text))
    throw new Error("must be yes, or the folder of the older PostgreSQL's programs in full")
  return text
}
