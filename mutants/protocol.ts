/** A test file, under one of vitest's projects. */
export interface Test {
  project: string
  file: string
}

/** What a runner sends its process. */
export type Order =
  /** A file of the copy. */
  | { changed: string }
  /** With ms after which the test file counts as failed. */
  | { run: Test & { limit: number } }

/** What became of a test file. */
export interface Ran {
  /** The first test that failed. */
  failed: string | undefined
  ms: number
}
