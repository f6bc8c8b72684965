import { api } from '../api.ts'
import { showNotice } from '../notice.ts'
import { reader } from '../page.ts'
import type { State } from '../state.ts'

/** Opens the 1:1 conversation with somebody, which is created if there is none. */
export async function openDirect(
  userId: number,
  { conversations }: State,
  opening: (conversationId: number) => void,
): Promise<void> {
  try {
    const known = conversations.directWith(userId)
    const conversation = known ?? (await api.startDirect(userId)).conversation
    conversations.put(conversation)
    opening(conversation.id)
  } catch {
    showNotice(reader.t('new.failed'))
  }
}
