import type { Conversation } from '../../server/contract/conversations.ts'
import { api } from '../api.ts'
import type { Conversations } from '../conversations/conversations.ts'
import type { Navigation } from '../conversations/navigation.ts'
import { confirmed } from '../dialog.ts'
import { showNotice } from '../notice.ts'
import { page, reader } from '../page.ts'

export async function removeMember(
  conversations: Conversations,
  { id, members = [] }: Conversation,
  userId: number,
): Promise<void> {
  const { t } = reader
  const name = members.find((member) => member.user_id === userId)?.display_name ?? ''
  const title = t('details.remove_title')
  if (!(await confirmed({ title, text: t('details.remove_text', { name }), action: t('details.remove_do') })))
    return
  try {
    await api.removeMember(id, userId)
    await conversations.fetch(id)
  } catch {
    showNotice(t('details.failed'))
  }
}

export async function leaveGroup(
  conversations: Conversations,
  conversation: Conversation,
  navigation: Navigation,
): Promise<void> {
  const { t } = reader
  const { id, title: name } = conversation
  const question = {
    title: t('details.leave_title'),
    text: leaveWarning(conversation),
    action: t('details.leave'),
  }
  if (!(await confirmed(question))) return
  await leaveConversation(
    conversations,
    id,
    navigation,
    () => api.removeMember(id, page.me.id),
    t('details.left', { name }),
  )
}

export async function deleteGroup(
  conversations: Conversations,
  { id, title: name }: Conversation,
  navigation: Navigation,
): Promise<void> {
  const { t } = reader
  const question = { title: t('details.delete_title'), text: t('details.delete_text', { name }) }
  if (!(await confirmed({ ...question, action: t('details.delete') }))) return
  await leaveConversation(
    conversations,
    id,
    navigation,
    () => api.deleteConversation(id),
    t('details.deleted', { name }),
  )
}

async function leaveConversation(
  conversations: Conversations,
  id: number,
  navigation: Navigation,
  leave: () => Promise<void>,
  words: string,
): Promise<void> {
  conversations.leaving = id
  try {
    await leave()
    if (navigation.id === id) navigation.back()
    conversations.forget(id)
    showNotice(words)
  } catch {
    conversations.leaving = undefined
    showNotice(reader.t('details.failed'))
  }
}

/** The server makes the longest-standing member the owner. */
function leaveWarning({ role, members = [] }: Conversation): string {
  const { t } = reader
  const others = members.filter((member) => member.user_id !== page.me.id)
  const [successor] = others.sort((a, b) => a.joined_at.localeCompare(b.joined_at) || a.user_id - b.user_id)
  if (!successor) return t('details.leave_last')
  return role === 'owner'
    ? t('details.leave_heir', { name: successor.display_name })
    : t('details.leave_text')
}
