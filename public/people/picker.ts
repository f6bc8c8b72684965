import type { User } from '../../server/contract/users.ts'
import { isEnter } from '../keys.ts'
import { render } from '../render.ts'
import { onNearEnd, onTypingPause } from '../search-list.ts'
import { Directory } from './directory.ts'

interface PickerOptions {
  /** Whether someone cannot be chosen here. */
  isExcluded?: (user: User) => boolean
  /** Which of those chosen stay when another is added; all of them by default. */
  keptWith?: (chosen: User[], added: User) => User[]
  /** The results or the choice changed. */
  changed: () => void
  /** Enter in the empty search box. */
  submitted: () => void
}

/** The search box, results and chips of a dialog in which members are chosen. */
export class PeoplePicker {
  chosen: User[] = []
  #options: PickerOptions
  #search: HTMLInputElement
  #chips: HTMLElement
  #list: HTMLElement
  #directory: Directory

  constructor(dialog: HTMLElement, options: PickerOptions) {
    this.#options = options
    this.#search = dialog.querySelector('[type="search"]') as HTMLInputElement
    this.#chips = dialog.querySelector('.chips') as HTMLElement
    this.#list = dialog.querySelector('.people') as HTMLElement
    this.#directory = new Directory(options.isExcluded ?? (() => false), () => this.#draw())
    onTypingPause(this.#search, () => this.#find())
    onNearEnd(this.#list, () => void this.#directory.loadMore())
    this.#search.addEventListener('keydown', (event) => this.#keydown(event))
    for (const part of [this.#chips, this.#list])
      part.addEventListener('click', ({ target }) =>
        this.#toggle((target as Element).closest('[data-user-id]')),
      )
  }

  open(): void {
    this.chosen = []
    this.#search.value = ''
    this.#search.focus()
    this.#draw()
    this.#find()
  }

  /** `asking` while the results are loading. */
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

  #keydown(event: KeyboardEvent): void {
    if (!isEnter(event)) return
    event.preventDefault()
    const [first] = this.#directory.found
    if (this.query && first) this.#choose(first)
    else this.#options.submitted()
  }

  #toggle(button: HTMLElement | null): void {
    const id = Number(button?.dataset.userId)
    const person = [...this.#directory.found, ...this.chosen].find((each) => each.id === id)
    if (person) this.#choose(person)
  }

  #choose(person: User): void {
    const without = this.chosen.filter((each) => each.id !== person.id)
    const beside = this.#options.keptWith?.(without, person) ?? without
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
    this.#options.changed()
  }
}
