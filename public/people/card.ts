import type { Profile, User } from '../../server/contract/users.ts'
import { phoneTarget } from '../../views/messages/addresses.ts'
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
export type Person = Pick<User, 'id' | 'display_name' | 'avatar_url'> & Partial<Omit<Profile, 'is_blocked'>>

export class PersonCard {
  #person: Person
  #state: State
  #navigation: Navigation
  #card: HTMLElement
  #shown: Overlay
  #gone = false
  #loading = new AbortController()

  constructor(person: Person, beside: Element, state: State, navigation: Navigation) {
    // That of a member is their role in the group.
    this.#person = { ...person, role: null }
    this.#state = state
    this.#navigation = navigation
    state.presences.watch([person.id])
    this.#card = this.#rendered()
    this.#shown = overlay(this.#card, beside, () => this.#loading.abort())
    this.#card.addEventListener('click', ({ target }) => {
      if ((target as Element).closest('[data-action="write"]')) void this.#write()
    })
    this.#card.addEventListener('keydown', (event) => {
      if (event.key === 'Tab') this.#tab(event)
    })
    this.#card.querySelector('button')?.focus({ preventScroll: true })
    void this.#load()
  }

  /** To the next control, or out of the card. */
  #tab(event: KeyboardEvent): void {
    event.preventDefault()
    const controls = [...this.#card.querySelectorAll<HTMLElement>('a, button')].filter((each) =>
      each.checkVisibility(),
    )
    const now = controls.indexOf(document.activeElement as HTMLElement)
    const next = controls[now + (event.shiftKey ? -1 : 1)]
    if (next) next.focus()
    else this.#shown.close()
  }

  /** Redraws, because the presence may have changed. */
  draw(): void {
    // Only the content: the card itself carries its position.
    if (!this.#loading.signal.aborted)
      morph(this.#card.firstElementChild!, this.#rendered().firstElementChild!)
  }

  #rendered(): HTMLElement {
    const presence = this.#state.presences.get(this.#person.id)
    const { phone } = this.#person
    const call = phone ? phoneTarget(phone) : undefined
    return toElement(renderTemplate(cardTemplate, { person: this.#person, presence, call, gone: this.#gone }))
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
