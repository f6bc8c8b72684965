import type { Message } from '../../server/live/events.ts'
import { copy } from '../copy.ts'
import { tell } from '../notice.ts'
import { reader } from '../page.ts'

export async function copyMessage({ content_text }: Message): Promise<void> {
  const done = await copy(content_text ?? '')
  tell(reader.t(done ? 'messages.copied' : 'messages.copy_failed'))
}
