import type { Conversation } from '../../server/contract/conversations.ts'
import addTemplate from '../../views/dialogs/add-people.eta'
import { api } from '../api.ts'
import type { Conversations } from '../conversations/conversations.ts'
import { openDialog } from '../dialog.ts'
import { Problem } from '../http.ts'
import { reader } from '../page.ts'
import { PeoplePicker } from '../people/picker.ts'
import { renderTemplate } from '../render.ts'

export function addPeople(conversations: Conversations, { id, members = [] }: Conversation): void {
  const { t } = reader
  const dialog = openDialog(renderTemplate(addTemplate, {}))
  const hint = dialog.querySelector('.dialog__hint') as HTMLElement
  const submit = dialog.querySelector<HTMLButtonElement>('[data-action="submit"]') as HTMLButtonElement
  const inGroup = new Set(members.map((member) => member.user_id))
  const picker = new PeoplePicker(dialog, {
    isExcluded: (user) => inGroup.has(user.id),
    changed: show,
    submitted: () => void add(),
  })

  function show(): void {
    const words = { found: 'details.add_hint', nobody: 'details.add_nobody', failed: 'new.failed' } as const
    if (picker.hint !== 'asking') hint.textContent = t(words[picker.hint])
    submit.disabled = !picker.chosen.length
  }

  async function add(): Promise<void> {
    if (submit.disabled) return
    submit.disabled = true
    try {
      await api.addMembers(
        id,
        picker.chosen.map((person) => person.id),
      )
      await conversations.fetch(id)
      dialog.close()
    } catch (error) {
      const taken = error instanceof Problem && error.status === 409
      hint.textContent = t(taken ? 'details.add_taken' : 'new.failed')
      submit.disabled = false
    }
  }

  submit.addEventListener('click', () => void add())
  picker.open()
}
