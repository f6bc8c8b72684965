import type { Message } from '../../server/contract/messages.ts'
import { api } from '../api.ts'
import { tell } from '../notice.ts'
import { reader } from '../page.ts'
import type { Host } from './host.ts'

/** Removes the preview of one's own message's link, for everybody and for good. */
export async function removePreview(host: Host, { id, link_preview }: Message): Promise<void> {
  host.patch(id, (message) => ({ ...message, link_preview: null }))
  try {
    await api.removePreview(id)
  } catch {
    host.patch(id, (message) => ({ ...message, link_preview }))
    tell(reader.t('messages.change_failed'))
  }
}
