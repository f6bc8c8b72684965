import { element, reader } from './page.ts'

const PATIENCE = 2000

/** The line that tells of trouble with the connection, after a moment in which it may mend itself. */
export class Status {
  #line = element('status')
  #timer = 0

  connected(connected: boolean): void {
    clearTimeout(this.#timer)
    if (connected) this.#say('')
    else
      this.#timer = setTimeout(() => this.#say(reader.t('status.offline')), navigator.onLine ? PATIENCE : 0)
  }

  #say(text: string): void {
    this.#line.textContent = text
  }
}
