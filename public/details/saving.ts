import type { Conversation } from '../../server/contract/conversations.ts'
import { api } from '../api.ts'
import type { Conversations } from '../conversations/conversations.ts'
import { tell } from '../notice.ts'
import { reader } from '../page.ts'

/** Saves a group's name and description from their form. @returns whether they are saved */
export async function rename(
  conversations: Conversations,
  { id }: Conversation,
  form: HTMLFormElement,
): Promise<boolean> {
  const given = new FormData(form)
  const error = form.querySelector('.details__error') as HTMLElement
  error.hidden = true
  try {
    const name = String(given.get('name')).trim()
    const { conversation } = await api.rename(id, { name, description: String(given.get('description')) })
    conversations.put(conversation)
    return true
  } catch {
    error.textContent = reader.t('details.failed')
    error.hidden = false
    return false
  }
}

/** Mutes or archives for oneself; shown at once, and undone when it was not saved. */
export async function setOwn(
  conversations: Conversations,
  conversation: Conversation,
  name: 'is_muted' | 'is_archived',
): Promise<void> {
  const before = conversation[name]
  conversations.patch(conversation.id, { [name]: !before })
  try {
    conversations.put((await api.setOwn(conversation.id, { [name]: !before })).conversation)
  } catch {
    conversations.patch(conversation.id, { [name]: before })
    tell(reader.t('details.failed'))
  }
}
