import type { Message } from '../../server/contract/messages.ts'
import { plainText } from '../../views/messages/plain-text.ts'
import { copy } from '../copy.ts'
import { showNotice } from '../notice.ts'
import { reader } from '../page.ts'

/** From the HTML, because the stored plain text of old messages lacks list numbers and link addresses. */
export async function copyMessage({ content }: Message): Promise<void> {
  const done = await copy(plainText(content ?? ''))
  showNotice(reader.t(done ? 'messages.copied' : 'messages.copy_failed'))
}
