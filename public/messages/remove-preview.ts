import type { Message } from '../../server/contract/messages.ts'
import { api } from '../api.ts'
import { showNotice } from '../notice.ts'
import { reader } from '../page.ts'
import type { Host } from './host.ts'

export async function removePreview(host: Host, { id, link_preview }: Message): Promise<void> {
  host.patch(id, (message) => ({ ...message, link_preview: null }))
  try {
    await api.removePreview(id)
  } catch {
    host.patch(id, (message) => ({ ...message, link_preview }))
    showNotice(reader.t('messages.change_failed'))
  }
}
