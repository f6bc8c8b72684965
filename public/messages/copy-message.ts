import type { Message } from '../../server/contract/messages.ts'
import { plainText } from '../../views/messages/plain-text.ts'
import { copy } from '../copy.ts'
import { showNotice } from '../notice.ts'
import { reader } from '../page.ts'

/** Opens the conversation at this message, for its members. */
export async function copyLink({ id, conversation_id }: Message): Promise<void> {
  const done = await copy(`${location.origin}/wiadomosci/${conversation_id}?wiadomosc=${id}#m${id}-text`)
  showNotice(reader.t(done ? 'messages.link_copied' : 'messages.copy_failed'))
}

/** From the HTML, because the stored plain text of old messages lacks list numbers and link addresses. */
export async function copyMessage({ content }: Message): Promise<void> {
  const done = await copy(plainText(content ?? ''))
  showNotice(reader.t(done ? 'messages.copied' : 'messages.copy_failed'))
}
