import type { Message } from '../../server/contract/messages.ts'
import { plainText } from '../../views/messages/plain-text.ts'
import { copy } from '../copy.ts'
import { tell } from '../notice.ts'
import { reader } from '../page.ts'

/** Copies what a message says; from its HTML, because the plain text of old ones lacks numbers and addresses. */
export async function copyMessage({ content }: Message): Promise<void> {
  const done = await copy(plainText(content ?? ''))
  tell(reader.t(done ? 'messages.copied' : 'messages.copy_failed'))
}
