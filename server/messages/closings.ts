/** Where what has been opened ends. What is not found once is never looked for again: the time stays linear. */
export class Closings {
  #content: string
  #lower: string | undefined
  #lastComment: number
  #missing = new Set<string>()

  constructor(content: string) {
    this.#content = content
    this.#lastComment = content.lastIndexOf('-->')
  }

  /** @returns undefined when the comment goes on for ever */
  endOfComment(start: number): number | undefined {
    // `<!-->` is one, too.
    const from = start + '<!'.length
    return from <= this.#lastComment ? this.#content.indexOf('-->', from) + '-->'.length : undefined
  }

  /** Of an element in which there are no others. @returns undefined when it is never closed */
  endOfElement(name: string, from: number): number | undefined {
    if (this.#missing.has(name)) return undefined
    // Letters of ASCII alone: others may change their length.
    this.#lower ??= this.#content.replace(/[A-Z]+/g, (letters) => letters.toLowerCase())
    const closing = `</${name}`
    let at = this.#lower.indexOf(closing, from)
    while (at >= 0 && !/[\s/>]/.test(this.#lower[at + closing.length] ?? ' '))
      at = this.#lower.indexOf(closing, at + 1)
    if (at < 0) this.#missing.add(name)
    const end = at < 0 ? -1 : this.#lower.indexOf('>', at)
    return at < 0 ? undefined : end < 0 ? this.#content.length : end + 1
  }
}
