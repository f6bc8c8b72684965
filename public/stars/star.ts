import type { Message } from '../../server/contract/messages.ts'
import { api } from '../api.ts'
import type { Host } from '../messages/host.ts'
import { showNotice } from '../notice.ts'
import { reader } from '../page.ts'

/** Stars a message or takes the star away, at once; that is undone when it cannot be saved. @returns whether it could */
export async function starMessage(
  host: Pick<Host, 'patch'>,
  { id }: Message,
  is_starred: boolean,
): Promise<boolean> {
  host.patch(id, (message) => ({ ...message, is_starred }))
  try {
    await (is_starred ? api.star(id) : api.unstar(id))
    return true
  } catch {
    host.patch(id, (message) => ({ ...message, is_starred: !is_starred }))
    showNotice(reader.t('messages.change_failed'))
    return false
  }
}
