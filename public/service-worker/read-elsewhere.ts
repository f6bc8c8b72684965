import type { Conversation, ConversationPage } from '../../server/contract/conversations.ts'
import { scope } from './scope.ts'

/**
 * Withdraws the notices of what was read on another device, and counts what was not. Nobody may be pushed to without being
 * shown something, so the next push brings it to light.
 * @param except the conversation of that push
 */
export async function clearWithdrawn(except: number): Promise<void> {
  const answer = await fetch('/api/conversations?filter=unread&limit=100').catch(() => undefined)
  if (!answer?.ok) return
  const { conversations, unread_total } = (await answer.json()) as ConversationPage
  const unread = new Set(conversations.map(({ id }) => id)).add(except)
  for (const each of await scope.registration.getNotifications())
    if (
      each.data?.counts &&
      !unread.has(each.data.conversation_id) &&
      (await isRead(each.data.conversation_id))
    )
      each.close()
  if (Notification.permission === 'granted') await navigator.setAppBadge?.(unread_total).catch(() => {})
}

/** One that is archived, or further down, is not in that list. */
async function isRead(id: number): Promise<boolean> {
  const answer = await fetch(`/api/conversations/${id}`).catch(() => undefined)
  if (!answer?.ok) return answer?.status === 404
  const { conversation } = (await answer.json()) as { conversation: Conversation }
  return conversation.unread_count === 0
}
