import type { User } from '../../server/contract/users.ts'
import chosenTemplate from '../../views/people/chosen.eta'
import foundTemplate from '../../views/people/found.eta'
import type { TextKey } from '../../views/texts/texts.ts'
import { isEnter } from '../keys.ts'
import { reader } from '../page.ts'
import { renderTemplate } from '../render.ts'
import { onNearEnd, onTypingPause } from '../search-list.ts'
import { Directory } from './directory.ts'

interface PickerOptions {
  /** Whether someone cannot be chosen here. */
  isExcluded?: (user: User) => boolean
  /** Which of those chosen stay when another is added; all of them by default. */
  keptWith?: (chosen: User[], added: User) => User[]
  /** What the dialog says below the results. */
  hints: { found: TextKey; nobody: TextKey }
  /** Something was chosen or removed. @returns whether the choice can be submitted, if it is not empty */
  changed?: (chosen: User[]) => boolean
  /** @param ids of those chosen, at least one */
  submit: (ids: number[]) => Promise<void>
  /** What to say when `submit` has thrown. */
  explain?: (error: unknown) => TextKey
}

/** A dialog in which members are chosen: its search box, results and chips, and the button that submits the choice. */
export class PeoplePicker {
  #chosen: User[] = []
  #options: PickerOptions
  #search: HTMLInputElement
  #chips: HTMLElement
  #list: HTMLElement
  #hint: HTMLElement
  #submit: HTMLButtonElement
  #directory: Directory

  /** @param dialog open, and drawn from a template such as `dialogs/new` */
  constructor(dialog: HTMLElement, options: PickerOptions) {
    this.#options = options
    this.#search = dialog.querySelector('[type="search"]') as HTMLInputElement
    this.#chips = dialog.querySelector('.chips') as HTMLElement
    this.#list = dialog.querySelector('.people') as HTMLElement
    this.#hint = dialog.querySelector('.dialog__hint') as HTMLElement
    this.#submit = dialog.querySelector('[data-action="submit"]') as HTMLButtonElement
    this.#directory = new Directory(options.isExcluded ?? (() => false), () => this.#draw())
    onTypingPause(this.#search, () => this.#find())
    onNearEnd(this.#list, () => void this.#directory.loadMore())
    this.#search.addEventListener('keydown', (event) => this.#keydown(event))
    this.#submit.addEventListener('click', () => void this.submit())
    for (const part of [this.#chips, this.#list])
      part.addEventListener('click', ({ target }) =>
        this.#toggle((target as Element).closest('[data-user-id]')),
      )
    this.#find()
  }

  /** Does nothing unless the choice can be submitted. */
  async submit(): Promise<void> {
    if (this.#submit.disabled) return
    this.#submit.disabled = true
    try {
      await this.#options.submit(this.#chosen.map((person) => person.id))
    } catch (error) {
      this.update()
      this.#hint.textContent = reader.t(this.#options.explain?.(error) ?? 'new.failed')
    }
  }

  /** Enables the button or disables it, by what `changed` answers. */
  update(): void {
    const isReady = this.#options.changed?.(this.#chosen) ?? true
    this.#submit.disabled = !isReady || !this.#chosen.length
  }

  get #query(): string {
    return this.#search.value.trim()
  }

  #find(): void {
    this.#list.scrollTop = 0
    void this.#directory.find(this.#query)
  }

  #keydown(event: KeyboardEvent): void {
    if (!isEnter(event)) return
    event.preventDefault()
    const [first] = this.#directory.found
    if (this.#query && first) this.#choose(first)
    else void this.submit()
  }

  #toggle(button: HTMLElement | null): void {
    const id = Number(button?.dataset.userId)
    const person = [...this.#directory.found, ...this.#chosen].find((each) => each.id === id)
    if (person) this.#choose(person)
  }

  #choose(person: User): void {
    const without = this.#chosen.filter((each) => each.id !== person.id)
    const beside = this.#options.keptWith?.(without, person) ?? without
    this.#chosen = without.length < this.#chosen.length ? without : [...beside, person]
    if (this.#search.value) {
      this.#search.value = ''
      this.#find()
    }
    this.#draw()
    this.#search.focus()
  }

  #draw(): void {
    const ids = new Set(this.#chosen.map((person) => person.id))
    const { scrollTop } = this.#list
    this.#chips.innerHTML = this.#chosen.map((person) => renderTemplate(chosenTemplate, { person })).join('')
    this.#list.innerHTML = this.#directory.found
      .map((person) => renderTemplate(foundTemplate, { person, chosen: ids.has(person.id) }))
      .join('')
    this.#list.scrollTop = scrollTop
    this.#drawHint()
    this.update()
  }

  /** While the results are loading, what was said before stays. */
  #drawHint(): void {
    const { state, found } = this.#directory
    const { hints } = this.#options
    if (state === 'asking') return
    const key = state === 'failed' ? 'new.failed' : found.length ? hints.found : hints.nobody
    this.#hint.textContent = reader.t(key)
  }
}
