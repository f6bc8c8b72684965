import type { Message } from '../../server/contract/messages.ts'
import { api } from '../api.ts'
import { showNotice } from '../notice.ts'
import { reader } from '../page.ts'
import type { Host } from './host.ts'

/** Marks this message, and all that follow it, as unread. */
export async function markUnread(host: Host, { id, conversation_id }: Message): Promise<void> {
  const takeBack = host.leaveUnread(id, 'here')
  try {
    await api.markUnread(conversation_id, id)
    await host.state.conversations.fetch(conversation_id)
    showNotice(reader.t('messages.left_unread'))
  } catch {
    takeBack()
    showNotice(reader.t('messages.change_failed'))
  }
}
