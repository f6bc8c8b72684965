/** Where comments and elements end. Each name is searched for from the end once, so that the time stays linear. */
export class Closings {
  #content: string
  #lower: string | undefined
  #lastComment: number
  #last = new Map<string, number>()

  constructor(content: string) {
    this.#content = content
    this.#lastComment = content.lastIndexOf('-->')
  }

  /** @returns undefined when the comment never ends */
  endOfComment(start: number): number | undefined {
    // `<!-->` is a comment, too.
    const from = start + '<!'.length
    return from <= this.#lastComment ? this.#content.indexOf('-->', from) + '-->'.length : undefined
  }

  /** Whether an element of that name ends anywhere after this place. */
  has(name: string, from: number): boolean {
    const last = this.#last.get(name) ?? this.#findLast(name)
    this.#last.set(name, last)
    return last >= from
  }

  /** For elements that cannot hold others. @returns undefined when it is never closed */
  endOfElement(name: string, from: number): number | undefined {
    if (!this.has(name, from)) return undefined
    let at = this.#text.indexOf(`</${name}`, from)
    while (!this.#isClosing(name, at)) at = this.#text.indexOf(`</${name}`, at + 1)
    const end = this.#text.indexOf('>', at)
    return end < 0 ? this.#content.length : end + 1
  }

  #findLast(name: string): number {
    let at = this.#text.lastIndexOf(`</${name}`)
    while (at > 0 && !this.#isClosing(name, at)) at = this.#text.lastIndexOf(`</${name}`, at - 1)
    return at
  }

  #isClosing(name: string, at: number): boolean {
    return /[\s/>]/.test(this.#text[at + `</${name}`.length] ?? ' ')
  }

  get #text(): string {
    // ASCII letters only: others may change their length.
    this.#lower ??= this.#content.replace(/[A-Z]+/g, (letters) => letters.toLowerCase())
    return this.#lower
  }
}
