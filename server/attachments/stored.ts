import type { Readable } from 'node:stream'

/** Bytes from `start` to `end`, both included. */
export interface Range {
  start: number
  end: number
}

/** Where files are stored. Names are generated, and the content of a name never changes. */
export interface Storage {
  /** Moves a local file in, atomically and durably. */
  put(path: string, name: string): Promise<void>
  /** Bytes; undefined when there is no such file. */
  size(name: string): Promise<number | undefined>
  read(name: string, range?: Range): Readable
  /** Does nothing when there is no such file. */
  remove(name: string): Promise<void>
  /** Moves a file to another storage of the same kind; does nothing when there is no such file. */
  moveTo(other: Storage, name: string): Promise<void>
  /** Files put in before this moment, in ms since 1970. */
  olderThan(moment: number): AsyncIterable<string>
}
