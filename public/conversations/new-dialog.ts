import type { Conversation } from '../../server/contract/conversations.ts'
import { api } from '../api.ts'
import { showDialog } from '../dialog.ts'
import { isEnter } from '../keys.ts'
import { element, page, reader } from '../page.ts'
import { PeoplePicker } from '../people/picker.ts'

/** Starts a conversation: a 1:1 with one person, a group with several. */
export class NewDialog {
  #opened: (conversation: Conversation) => void
  #dialog = element<HTMLDialogElement>('new-conversation')
  #nameField = element('new-name-field')
  #name = element<HTMLInputElement>('new-name')
  #hint = element('new-hint')
  #submit = element<HTMLButtonElement>('new-submit')
  #picker = new PeoplePicker(this.#dialog, {
    // Choosing oneself means notes to oneself, which have no other member.
    keptWith: (chosen, { id }) => chosen.filter((each) => (each.id === page.me.id) === (id === page.me.id)),
    changed: () => this.#draw(),
    submitted: () => void this.#start(),
  })

  constructor(opened: (conversation: Conversation) => void) {
    this.#opened = opened
    this.#name.addEventListener('input', () => this.#draw())
    this.#name.addEventListener('keydown', (event) => this.#keydown(event))
    this.#submit.addEventListener('click', () => this.#start())
  }

  open(): void {
    this.#name.value = ''
    showDialog(this.#dialog)
    this.#picker.open()
  }

  #keydown(event: KeyboardEvent): void {
    if (!isEnter(event)) return
    event.preventDefault()
    void this.#start()
  }

  #draw(): void {
    const { hint, chosen } = this.#picker
    const group = chosen.length > 1
    if (hint !== 'asking') this.#showHint(hint)
    this.#nameField.hidden = !group
    this.#submit.textContent = reader.t(group ? 'new.create' : 'new.start')
    this.#submit.disabled = !chosen.length || (group && !this.#name.value.trim())
  }

  async #start(): Promise<void> {
    if (this.#submit.disabled) return
    const ids = this.#picker.chosen.map((person) => person.id)
    this.#submit.disabled = true
    try {
      const { conversation } = await (ids.length > 1
        ? api.startGroup(this.#name.value.trim(), ids)
        : api.startDirect(ids[0]!))
      this.#dialog.close()
      this.#opened(conversation)
    } catch {
      this.#draw()
      this.#showHint('failed')
    }
  }

  #showHint(hint: 'found' | 'nobody' | 'failed'): void {
    this.#hint.textContent = reader.t(hint === 'found' ? 'new.hint' : `new.${hint}`)
  }
}
