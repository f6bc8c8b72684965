import { element, reader } from './page.ts'

const PATIENCE = 2000

/** The line that tells of trouble with the connection, after a moment in which it may mend itself. */
export class Status {
  #line = element('status')
  #timer = 0

  connected(connected: boolean): void {
    clearTimeout(this.#timer)
    if (connected) this.#say('')
    else if (navigator.onLine) this.#timer = setTimeout(() => this.#say(reader.t('status.unheard')), PATIENCE)
    else this.#say(reader.t('status.offline'))
  }

  #say(text: string): void {
    this.#line.textContent = text
  }
}
