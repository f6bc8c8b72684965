import { join } from 'node:path'
import { config } from '../config.ts'
import { folderStorage } from './folder.ts'
import { S3Storage } from './s3.ts'
import type { Storage } from './stored.ts'

/** Where uploads are received: on the same file system as a local storage, so that they can be renamed into it. */
export const uploadsFolder = join(config.dataDir, 'uploads')

/** The name under which a file's thumbnail is stored, and back. */
export const thumbnailOf = (name: string) => `${name}-thumbnail`
export const originalOf = (name: string) => name.replace(/-thumbnail$/, '')

/**
 * What is kept under this path: in DATA_DIR, or in the bucket of FILES_URL. Both have the same files under the same
 * names, so that one can be copied into the other.
 */
const keptIn = (path: string): Storage =>
  config.filesUrl ? new S3Storage(config.filesUrl, path) : folderStorage(join(config.dataDir, path))

/** A kind of files, and where they wait to be removed. */
export interface Kept {
  storage: Storage
  trash: Storage
  /** While a backup is being made: its rows still reference them. */
  held: Storage
}

const kept = (what: string): Kept => ({
  storage: keptIn(what),
  trash: keptIn(`trash/${what}`),
  held: keptIn(`held/${what}`),
})

export const keptFiles = kept('attachments')
export const keptPictures = kept('previews')
export const { storage } = keptFiles

export const isDiskFull = (error: unknown) =>
  ['ENOSPC', 'EDQUOT'].includes((error as NodeJS.ErrnoException).code ?? '')
