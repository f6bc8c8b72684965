import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'

/** The checkout. */
export const root = join(import.meta.dirname, '..')
const left = new Set(['node_modules', '.git', '.cache', 'data'])

/** A copy of a folder of sources and tests to put faults into; gone when the process ends, or before. */
export class Copy {
  readonly folder = mkdtempSync(join(tmpdir(), 'rozmowa-mutants-'))
  readonly #original: string

  constructor(original: string) {
    this.#original = original
    process.once('exit', () => this.remove())
    cpSync(original, this.folder, { recursive: true, filter: (path) => !left.has(basename(path)) })
    symlinkSync(join(root, 'node_modules'), join(this.folder, 'node_modules'))
  }

  remove = (): void => rmSync(this.folder, { recursive: true, force: true })
  read = (file: string): string => readFileSync(join(this.#original, file), 'utf8')
  write = (file: string, text: string): void => writeFileSync(join(this.folder, file), text)
  restore = (file: string): void => this.write(file, this.read(file))
}
