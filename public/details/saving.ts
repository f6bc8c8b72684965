import type { Conversation, OwnSettings } from '../../server/contract/conversations.ts'
import { api } from '../api.ts'
import type { Conversations } from '../conversations/conversations.ts'
import { showNotice } from '../notice.ts'
import { reader } from '../page.ts'

/** @returns whether the name and description were saved */
export async function rename(
  conversations: Conversations,
  { id }: Conversation,
  form: HTMLFormElement,
): Promise<boolean> {
  const values = new FormData(form)
  const error = form.querySelector('.details__error') as HTMLElement
  error.hidden = true
  try {
    const name = String(values.get('name')).trim()
    const { conversation } = await api.rename(id, { name, description: String(values.get('description')) })
    conversations.put(conversation)
    return true
  } catch {
    error.textContent = reader.t('details.failed')
    error.hidden = false
    return false
  }
}

/** Mutes, archives or chooses what to be notified of, optimistically: reverted when it cannot be saved. */
export async function setOwn(
  conversations: Conversations,
  conversation: Conversation,
  wanted: OwnSettings,
): Promise<void> {
  const { is_muted, is_archived, notify } = conversation
  const before = 'is_archived' in wanted ? { is_archived } : { is_muted, notify }
  conversations.patch(conversation.id, wanted as Partial<Conversation>)
  try {
    conversations.put((await api.setOwn(conversation.id, wanted)).conversation)
  } catch {
    conversations.patch(conversation.id, before)
    showNotice(reader.t('details.failed'))
  }
}
