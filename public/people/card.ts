import type { User } from '../../server/contract/users.ts'
import cardTemplate from '../../views/people/card.eta'
import { api } from '../api.ts'
import type { Navigation } from '../conversations/navigation.ts'
import { Problem } from '../http.ts'
import { morph } from '../morph.ts'
import { type Overlay, overlay } from '../overlay.ts'
import { renderTemplate, toElement } from '../render.ts'
import type { State } from '../state.ts'
import { openDirect } from './direct.ts'

/** What is known of someone from a name on the page. */
export type Person = Pick<User, 'id' | 'display_name' | 'avatar_url'> & Partial<User>

export class PersonCard {
  #person: Person
  #state: State
  #navigation: Navigation
  #card: HTMLElement
  #shown: Overlay
  #gone = false
  #loading = new AbortController()

  constructor(person: Person, beside: Element, state: State, navigation: Navigation) {
    this.#person = person
    this.#state = state
    this.#navigation = navigation
    state.presences.watch([person.id])
    this.#card = this.#rendered()
    this.#shown = overlay(this.#card, beside, () => this.#loading.abort())
    this.#card.addEventListener('click', ({ target }) => {
      if ((target as Element).closest('[data-action="write"]')) void this.#write()
    })
    this.#card.addEventListener('keydown', (event) => {
      if (event.key !== 'Tab') return
      event.preventDefault()
      this.#shown.close()
    })
    this.#card.querySelector('button')?.focus({ preventScroll: true })
    void this.#load()
  }

  /** Redraws, because the presence may have changed. */
  draw(): void {
    // Only the content: the card itself carries its position.
    if (!this.#loading.signal.aborted)
      morph(this.#card.firstElementChild!, this.#rendered().firstElementChild!)
  }

  #rendered(): HTMLElement {
    const presence = this.#state.presences.get(this.#person.id)
    return toElement(renderTemplate(cardTemplate, { person: this.#person, presence, gone: this.#gone }))
  }

  async #load(): Promise<void> {
    try {
      this.#person = (await api.user(this.#person.id, this.#loading.signal)).user
    } catch (error) {
      this.#gone = error instanceof Problem && error.status === 404
    }
    this.draw()
  }

  #write(): Promise<void> {
    return openDirect(this.#person.id, this.#state, (id) => {
      this.#shown.close(true)
      this.#navigation.open(id)
    })
  }
}
