import type { Conversation } from '../../server/contract/conversations.ts'
import type { User } from '../../server/contract/users.ts'
import newTemplate from '../../views/dialogs/new.eta'
import { api } from '../api.ts'
import { openDialog } from '../dialog.ts'
import { isEnter } from '../keys.ts'
import { page, reader } from '../page.ts'
import { PeoplePicker } from '../people/picker.ts'
import { renderTemplate } from '../render.ts'

/** Starts a conversation: a 1:1 with one person, a group with several. */
export function openNew(started: (conversation: Conversation) => void): void {
  const dialog = openDialog(renderTemplate(newTemplate, {}))
  const name = dialog.querySelector('[name="name"]') as HTMLInputElement
  const submit = dialog.querySelector('[data-action="submit"]') as HTMLButtonElement
  const picker = new PeoplePicker(dialog, {
    hints: { found: 'new.hint', nobody: 'new.nobody' },
    // Choosing oneself means notes to oneself, which have no other member.
    keptWith: (chosen, { id }) => chosen.filter((each) => (each.id === page.me.id) === (id === page.me.id)),
    changed,
    submit: start,
  })

  function changed(chosen: User[]): boolean {
    const isGroup = chosen.length > 1
    ;(name.closest('label') as HTMLElement).hidden = !isGroup
    submit.textContent = reader.t(isGroup ? 'new.create' : 'new.start')
    return !isGroup || name.value.trim() !== ''
  }

  async function start(ids: number[]): Promise<void> {
    const { conversation } = await (ids.length > 1
      ? api.startGroup(name.value.trim(), ids)
      : api.startDirect(ids[0]!))
    dialog.close()
    started(conversation)
  }

  name.addEventListener('input', () => picker.update())
  name.addEventListener('keydown', (event) => {
    if (!isEnter(event)) return
    event.preventDefault()
    void picker.submit()
  })
}
