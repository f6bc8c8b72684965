import type { User } from '../../server/contract/users.ts'
import { isEnter } from '../keys.ts'
import { render } from '../render.ts'
import { afterTyping, onNearEnd } from '../search.ts'
import { Directory } from './directory.ts'

interface Choosing {
  /** Those who cannot be chosen here. */
  leaveOut?: (user: User) => boolean
  /** Who stays chosen beside somebody new; all of them unless said otherwise. */
  beside?: (chosen: User[], added: User) => User[]
  /** Somebody was found, chosen or let go of. */
  changed: () => void
  /** Enter, with nothing typed. */
  done: () => void
}

/** Finds members by a piece of their name, and remembers who is chosen: the search box, list and chips of a dialog. */
export class PeoplePicker {
  chosen: User[] = []
  #choosing: Choosing
  #search: HTMLInputElement
  #chips: HTMLElement
  #list: HTMLElement
  #directory: Directory

  constructor(dialog: HTMLElement, choosing: Choosing) {
    this.#choosing = choosing
    this.#search = dialog.querySelector('[type="search"]') as HTMLInputElement
    this.#chips = dialog.querySelector('.chips') as HTMLElement
    this.#list = dialog.querySelector('.people') as HTMLElement
    this.#directory = new Directory(choosing.leaveOut ?? (() => false), () => this.#draw())
    afterTyping(this.#search, () => this.#find())
    onNearEnd(this.#list, () => void this.#directory.more())
    this.#search.addEventListener('keydown', (event) => this.#key(event))
    for (const part of [this.#chips, this.#list])
      part.addEventListener('click', ({ target }) =>
        this.#toggle((target as Element).closest('[data-user-id]')),
      )
  }

  /** Begins afresh, with nobody chosen. */
  open(): void {
    this.chosen = []
    this.#search.value = ''
    this.#search.focus()
    this.#draw()
    this.#find()
  }

  /** What to say of what was found: nothing while it is asked for. */
  get hint(): 'found' | 'nobody' | 'failed' | 'asking' {
    const { state, found } = this.#directory
    if (state !== 'answered') return state
    return found.length ? 'found' : 'nobody'
  }

  get query(): string {
    return this.#search.value.trim()
  }

  #find(): void {
    this.#list.scrollTop = 0
    void this.#directory.find(this.query)
  }

  #key(event: KeyboardEvent): void {
    if (!isEnter(event)) return
    event.preventDefault()
    const [first] = this.#directory.found
    if (this.query && first) this.#choose(first)
    else this.#choosing.done()
  }

  #toggle(button: HTMLElement | null): void {
    const id = Number(button?.dataset.userId)
    const person = [...this.#directory.found, ...this.chosen].find((each) => each.id === id)
    if (person) this.#choose(person)
  }

  #choose(person: User): void {
    const without = this.chosen.filter((each) => each.id !== person.id)
    const beside = this.#choosing.beside?.(without, person) ?? without
    this.chosen = without.length < this.chosen.length ? without : [...beside, person]
    if (this.#search.value) {
      this.#search.value = ''
      this.#find()
    }
    this.#draw()
    this.#search.focus()
  }

  #draw(): void {
    const ids = new Set(this.chosen.map((person) => person.id))
    const { scrollTop } = this.#list
    this.#chips.innerHTML = this.chosen.map((person) => render('people/chosen', { person })).join('')
    this.#list.innerHTML = this.#directory.found
      .map((person) => render('people/found', { person, chosen: ids.has(person.id) }))
      .join('')
    this.#list.scrollTop = scrollTop
    this.#choosing.changed()
  }
}
