import { element, reader } from './page.ts'

const graceMs = 2000

/** The line that reports a lost connection, after a moment in which it may come back. */
export class Status {
  #line = element('status')
  #timer = 0

  connected(connected: boolean): void {
    clearTimeout(this.#timer)
    if (connected) this.#show('')
    else if (navigator.onLine) this.#timer = setTimeout(() => this.#show(reader.t('status.unheard')), graceMs)
    else this.#show(reader.t('status.offline'))
  }

  #show(text: string): void {
    this.#line.textContent = text
  }
}
