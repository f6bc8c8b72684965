import type { Conversation } from '../../server/contract/conversations.ts'
import addTemplate from '../../views/dialogs/add-people.eta'
import { api } from '../api.ts'
import type { Conversations } from '../conversations/conversations.ts'
import { openDialog } from '../dialog.ts'
import { Problem } from '../http.ts'
import { PeoplePicker } from '../people/picker.ts'
import { renderTemplate } from '../render.ts'

export function addPeople(conversations: Conversations, { id, members = [] }: Conversation): void {
  const dialog = openDialog(renderTemplate(addTemplate, {}))
  const inGroup = new Set(members.map((member) => member.user_id))

  async function add(ids: number[]): Promise<void> {
    await api.addMembers(id, ids)
    await conversations.fetch(id)
    dialog.close()
  }

  new PeoplePicker(dialog, {
    hints: { found: 'details.add_hint', nobody: 'details.add_nobody' },
    isExcluded: (user) => inGroup.has(user.id),
    submit: add,
    explain: (error) =>
      error instanceof Problem && error.status === 409 ? 'details.add_taken' : 'new.failed',
  })
}
