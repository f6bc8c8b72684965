import type { Message } from '../../server/live/events.ts'
import { api, Problem } from '../api.ts'
import type { Draft } from '../composer/drafts.ts'
import { tell } from '../notice.ts'
import { reader } from '../page.ts'
import type { Host } from './host.ts'

/** Changes the text of one's own message; shown at once, and given back to the composer when it was not taken. */
export async function editMessage(host: Host, message: Message, { html, text }: Draft): Promise<void> {
  const content = text.trim() ? html : ''
  if (content === message.content) return
  const before = host.find(message.id) ?? message
  const edited = { content, content_text: text, edited_at: new Date().toISOString() }
  host.patch(message.id, (now) => ({ ...now, ...edited }))
  try {
    const answer = await api.edit(message.id, content)
    host.patch(message.id, (now) => (answer.message.seq >= now.seq ? answer.message : now))
  } catch (error) {
    const { content, content_text, edited_at } = before
    host.patch(message.id, (now) => ({ ...now, content, content_text, edited_at }))
    const expired = error instanceof Problem && error.code === 'edit_window_expired'
    tell(reader.t(expired ? 'messages.edit_expired' : 'messages.change_failed'))
    if (!expired) host.edit({ ...before, ...edited })
  }
}
