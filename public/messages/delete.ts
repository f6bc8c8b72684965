import type { Message } from '../../server/contract/messages.ts'
import { api } from '../api.ts'
import { confirmed } from '../dialog.ts'
import { showNotice } from '../notice.ts'
import { reader } from '../page.ts'
import { changes } from './changes.ts'
import type { Host } from './host.ts'

export async function deleteMessage(host: Host, message: Message): Promise<void> {
  const { t } = reader
  const question = { title: t('messages.delete_title'), text: t('messages.delete_text') }
  if (!(await confirmed({ ...question, action: t('messages.delete') }))) return
  host.patch(message.id, changes.message_deleted)
  try {
    await api.delete(message.id)
  } catch {
    host.patch(message.id, () => message)
    showNotice(t('messages.change_failed'))
  }
}
