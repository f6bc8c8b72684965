import type { Message } from '../../server/contract/messages.ts'
import { api } from '../api.ts'
import { Problem } from '../http.ts'
import type { Host } from '../messages/host.ts'
import { tell } from '../notice.ts'
import { reader } from '../page.ts'

/** Pins a message for all members, or unpins it. */
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
    tell(reader.t(full ? 'pins.most' : 'messages.change_failed'))
  }
}
