import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** One of the guides in `docs/`, for tests that do what it says. */
export class Guide {
  readonly #name: string
  readonly #text: string

  /** @param name such as `install.md` */
  constructor(name: string) {
    this.#name = name
    this.#text = readFileSync(join(import.meta.dirname, '../../docs', name), 'utf8')
  }

  /** The commands below a heading, a script for each block. @throws Error when there are none */
  scripts(heading: string): string[] {
    const chapter = this.#text.split(/^##+ /m).find((each) => each.startsWith(`${heading}\n`)) ?? ''
    return this.#found(chapter.matchAll(/^ *```sh\n(.*?)^ *```$/gms), heading)
  }

  /** What a file is to contain: a block that begins with its path. @throws Error when there is none */
  file(path: string): string {
    const blocks = [...this.#text.matchAll(/^```\w+\n(.*?)^```$/gms)]
    return this.#found(
      blocks.filter(([, block]) => block!.startsWith(`# ${path}\n`)),
      path,
    )[0]!
  }

  /** The commands with these words, each in one line. @throws Error when there are none */
  commands(words: string): string[] {
    const lines = [...this.#text.matchAll(/^ *```sh\n(.*?)^ *```$/gms)].flatMap(([, block]) =>
      block!
        .replace(/\\\n\s*/g, '')
        .split('\n')
        .map((line) => line.trim()),
    )
    const found = lines.filter((line) => !line.startsWith('#') && line.includes(words))
    if (found.length === 0) throw new Error(`docs/${this.#name} has no command with ${words}`)
    return found
  }

  #found(blocks: Iterable<RegExpMatchArray>, what: string): string[] {
    const found = [...blocks].map(([, block]) => block!)
    if (found.length === 0) throw new Error(`docs/${this.#name} has no ${what}`)
    return found
  }
}
