interface Out {
  isTTY?: boolean
  write(text: string): unknown
}

/** Says how far a long step is: a bar on a terminal, a line now and then elsewhere. */
export class Progress {
  readonly #out: Out
  #step = ''
  #began = 0
  #said = 0

  constructor(out: Out) {
    this.#out = out
  }

  line(text: string): void {
    this.end()
    this.#out.write(`${text}\n`)
  }

  show(step: string, done: number, total: number): void {
    if (step !== this.#step) this.#begin(step)
    if (this.#out.isTTY) this.#out.write(`\r\x1b[K${this.#bar(done, total)}`)
    else this.#sayNowAndThen(done, total)
  }

  /** Leaves the bar as it stands. */
  end(): void {
    if (this.#step !== '' && this.#out.isTTY) this.#out.write('\n')
    this.#step = ''
  }

  #begin(step: string): void {
    this.end()
    this.#step = step
    this.#began = this.#said = Date.now()
  }

  #bar(done: number, total: number): string {
    const share = total === 0 ? 1 : done / total
    const filled = Math.round(share * 30)
    const left =
      share > 0 && share < 1
        ? `, ${Math.ceil(((Date.now() - this.#began) / 1000) * (1 / share - 1))} s left`
        : ''
    return `${this.#step} [${'#'.repeat(filled)}${'-'.repeat(30 - filled)}] ${Math.floor(share * 100)} %, ${of(done, total)}${left}`
  }

  #sayNowAndThen(done: number, total: number): void {
    if (done < total && Date.now() - this.#said < 2000) return
    this.#said = Date.now()
    this.#out.write(`${this.#step}: ${of(done, total)}\n`)
  }
}

const of = (done: number, total: number) => `${done.toLocaleString('en')} of ${total.toLocaleString('en')}`
