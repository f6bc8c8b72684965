import type { Message } from '../../server/contract/messages.ts'
import { api } from '../api.ts'
import { Problem } from '../http.ts'
import type { Host } from '../messages/host.ts'
import { showNotice } from '../notice.ts'
import { reader } from '../page.ts'

export async function pinMessage(
  host: Pick<Host, 'patch'>,
  { id }: Message,
  is_pinned: boolean,
): Promise<void> {
  host.patch(id, (message) => ({ ...message, is_pinned }))
  try {
    await (is_pinned ? api.pin(id) : api.unpin(id))
  } catch (error) {
    host.patch(id, (message) => ({ ...message, is_pinned: !is_pinned }))
    const full = error instanceof Problem && error.status === 409
    showNotice(reader.t(full ? 'pins.most' : 'messages.change_failed'))
  }
}
