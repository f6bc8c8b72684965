import type { User } from '../../server/contract/users.ts'
import cardTemplate from '../../views/people/card.eta'
import { api } from '../api.ts'
import type { Navigation } from '../conversations/navigation.ts'
import { Problem } from '../http.ts'
import { morph } from '../morph.ts'
import { tell } from '../notice.ts'
import { type Overlay, overlay } from '../overlay.ts'
import { reader } from '../page.ts'
import { renderTemplate, toElement } from '../render.ts'
import type { State } from '../state.ts'

/** As much as a name in the page tells of somebody. */
export type Person = Pick<User, 'id' | 'display_name' | 'avatar_url'> & Partial<User>

/** Who somebody is, beside their name, with the way to write to them. */
export class PersonCard {
  #person: Person
  #state: State
  #navigation: Navigation
  #card: HTMLElement
  #shown: Overlay
  #gone = false
  #asking = new AbortController()

  constructor(person: Person, beside: Element, state: State, navigation: Navigation) {
    this.#person = person
    this.#state = state
    this.#navigation = navigation
    state.presences.want([person.id])
    this.#card = this.#made()
    this.#shown = overlay(this.#card, beside, () => this.#asking.abort())
    this.#card.addEventListener('click', ({ target }) => {
      if ((target as Element).closest('[data-action="write"]')) void this.#write()
    })
    this.#card.addEventListener('keydown', (event) => {
      if (event.key !== 'Tab') return
      event.preventDefault()
      this.#shown.close()
    })
    this.#card.querySelector('button')?.focus({ preventScroll: true })
    void this.#ask()
  }

  /** Draws again what may have changed: where they are. */
  draw(): void {
    // Around it is where it was placed.
    if (!this.#asking.signal.aborted) morph(this.#card.firstElementChild!, this.#made().firstElementChild!)
  }

  #made(): HTMLElement {
    const presence = this.#state.presences.get(this.#person.id)
    return toElement(renderTemplate(cardTemplate, { person: this.#person, presence, gone: this.#gone }))
  }

  async #ask(): Promise<void> {
    try {
      this.#person = (await api.user(this.#person.id, this.#asking.signal)).user
    } catch (error) {
      this.#gone = error instanceof Problem && error.status === 404
    }
    this.draw()
  }

  /** Opens the conversation of the two; it is made when there is none. */
  async #write(): Promise<void> {
    const { conversations } = this.#state
    try {
      const known = conversations.directWith(this.#person.id)
      const conversation = known ?? (await api.startDirect(this.#person.id)).conversation
      conversations.put(conversation)
      this.#shown.close(true)
      this.#navigation.open(conversation.id)
    } catch {
      tell(reader.t('new.failed'))
    }
  }
}
