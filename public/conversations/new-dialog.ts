import type { Conversation, User } from '../../server/live/events.ts'
import { api } from '../api.ts'
import { isEnter } from '../keys.ts'
import { element, reader } from '../page.ts'
import { render } from '../render.ts'

const PAUSE = 150

/** The dialog that finds people and begins a conversation: with one it is 1:1, with several a group. */
export class NewDialog {
  #opened: (conversation: Conversation) => void
  #dialog = element<HTMLDialogElement>('new-conversation')
  #query = element<HTMLInputElement>('new-query')
  #nameField = element('new-name-field')
  #name = element<HTMLInputElement>('new-name')
  #found = element('new-found')
  #chosenList = element('new-chosen')
  #hint = element('new-hint')
  #submit = element<HTMLButtonElement>('new-submit')
  #people: User[] = []
  #chosen: User[] = []
  #search = new AbortController()
  #timer = 0

  constructor(opened: (conversation: Conversation) => void) {
    this.#opened = opened
    this.#query.addEventListener('input', () => this.#findSoon())
    this.#name.addEventListener('input', () => this.#draw())
    this.#found.addEventListener('click', (event) => this.#toggle(event))
    this.#chosenList.addEventListener('click', (event) => this.#toggle(event))
    this.#submit.addEventListener('click', () => this.#start())
    this.#dialog.addEventListener('keydown', (event) => this.#key(event))
    // A click on the backdrop is a click on the dialog itself.
    this.#dialog.addEventListener('click', ({ target }) => target === this.#dialog && this.#dialog.close())
  }

  open(): void {
    this.#people = []
    this.#chosen = []
    this.#query.value = ''
    this.#name.value = ''
    this.#say('new.hint')
    this.#draw()
    this.#dialog.showModal()
    this.#query.focus()
    void this.#find()
  }

  #key(event: KeyboardEvent): void {
    const target = event.target as HTMLElement
    if (!isEnter(event) || target.tagName !== 'INPUT') return
    event.preventDefault()
    const [only] = this.#people
    if (target === this.#query && this.#query.value.trim() && only) this.#choose(only)
    else if (!this.#submit.disabled) void this.#start()
  }

  #findSoon(): void {
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => void this.#find(), PAUSE)
  }

  async #find(): Promise<void> {
    this.#search.abort()
    this.#search = new AbortController()
    const text = this.#query.value.trim()
    try {
      const { users } = await api.users(text, this.#search.signal)
      this.#people = users
      this.#say(users.length ? 'new.hint' : 'new.nobody')
      this.#draw()
    } catch (error) {
      if ((error as Error).name !== 'AbortError') this.#say('new.failed')
    }
  }

  #toggle(event: Event): void {
    const id = Number((event.target as Element).closest<HTMLElement>('[data-user-id]')?.dataset.userId)
    const person = [...this.#people, ...this.#chosen].find((each) => each.id === id)
    if (person) this.#choose(person)
  }

  #choose(person: User): void {
    const without = this.#chosen.filter((each) => each.id !== person.id)
    // Notes to oneself are nobody else's.
    const company = without.filter((each) => (each.id === reader.me?.id) === (person.id === reader.me?.id))
    this.#chosen = without.length < this.#chosen.length ? without : [...company, person]
    if (this.#query.value) {
      this.#query.value = ''
      void this.#find()
    }
    this.#draw()
    this.#query.focus()
  }

  #draw(): void {
    const ids = new Set(this.#chosen.map((person) => person.id))
    const group = this.#chosen.length > 1
    this.#chosenList.innerHTML = this.#chosen.map((person) => render('people/chosen', { person })).join('')
    this.#found.innerHTML = this.#people
      .map((person) => render('people/found', { person, chosen: ids.has(person.id) }))
      .join('')
    this.#nameField.hidden = !group
    this.#submit.textContent = reader.t(group ? 'new.create' : 'new.start')
    this.#submit.disabled = !this.#chosen.length || (group && !this.#name.value.trim())
  }

  async #start(): Promise<void> {
    const [first, ...others] = this.#chosen
    if (!first) return
    this.#submit.disabled = true
    try {
      const { conversation } = others.length
        ? await api.startGroup(
            this.#name.value.trim(),
            this.#chosen.map((person) => person.id),
          )
        : await api.startDirect(first.id)
      this.#dialog.close()
      this.#opened(conversation)
    } catch {
      this.#say('new.failed')
      this.#draw()
    }
  }

  #say(key: 'new.hint' | 'new.nobody' | 'new.failed'): void {
    this.#hint.textContent = reader.t(key)
  }
}
