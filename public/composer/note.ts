import { limits } from '../../server/contract/limits.ts'
import type { Refusal } from '../../views/messages/receipts.ts'
import { element, reader } from '../page.ts'

/** The count shows from this many characters below the limit. */
const nearCharacters = 1000

const number = new Intl.NumberFormat(reader.locale)

/** The line below the field: the length near the limit, and why a message was refused. */
export class Note {
  #line = element('composer-note')
  #words = this.#line.firstElementChild as HTMLElement
  #count = this.#line.lastElementChild as HTMLElement

  show(characters: number, refused: Refusal | undefined): void {
    const isTooLong = characters > limits.messageCharacters
    const isNear = characters > limits.messageCharacters - nearCharacters
    const why = isTooLong ? 'too_long' : refused
    const words = why ? reader.t(`refused.${why}`) : ''
    this.#line.hidden = !isNear && !words
    this.#line.classList.toggle('composer__note--refused', Boolean(why))
    // Otherwise screen readers would repeat it with every key.
    if (this.#words.textContent !== words) this.#words.textContent = words
    this.#count.textContent = isNear
      ? `${number.format(characters)} / ${number.format(limits.messageCharacters)}`
      : ''
  }
}
