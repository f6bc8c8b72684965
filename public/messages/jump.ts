import { element, reader } from '../page.ts'

/** The button that jumps to the newest message and counts what has arrived meanwhile. */
export class Jump {
  #button = element<HTMLButtonElement>('jump')
  #count = 0

  constructor(jump: () => void) {
    this.#button.addEventListener('click', jump)
  }

  add(count: number): void {
    this.#count += count
    this.#draw()
  }

  show(away: boolean): void {
    if (!away) this.#count = 0
    this.#button.hidden = !away
    this.#draw()
  }

  #draw(): void {
    const count = this.#count
    const words = count > 99 ? '99+' : count ? reader.t('messages.new', { count }) : ''
    const label = this.#button.querySelector('.jump__count') as HTMLElement
    if (label.textContent !== words) label.textContent = words
  }
}
