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

/** What is wanted of conversations whose answer is under way; the latest choice follows it. */
const wantedOf = new Map<number, OwnSettings>()

/** Mutes, archives or chooses what to be notified of, optimistically: reverted when it cannot be saved. */
export async function setOwn(
  conversations: Conversations,
  { id, is_muted, is_archived, notify }: Conversation,
  wanted: OwnSettings,
): Promise<void> {
  const underWay = wantedOf.get(id)
  wantedOf.set(id, { ...underWay, ...wanted })
  conversations.patch(id, wanted as Partial<Conversation>)
  if (underWay) return
  let stored: Partial<Conversation> = { is_muted, is_archived, notify }
  try {
    for (let sent: OwnSettings | undefined; sent !== wantedOf.get(id); ) {
      sent = wantedOf.get(id)!
      const { conversation } = await api.setOwn(id, sent)
      const { is_muted, is_archived, notify } = conversation
      stored = { is_muted, is_archived, notify }
      if (sent === wantedOf.get(id)) conversations.put(conversation)
    }
  } catch {
    conversations.patch(id, stored)
    showNotice(reader.t('details.failed'))
  } finally {
    wantedOf.delete(id)
  }
}
