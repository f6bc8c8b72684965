import type { Draft } from '../contract/drafts.ts'
import type { Message } from '../contract/messages.ts'
import { newMessage, signal, type Transactions } from '../live/envelope.ts'
import { publish } from '../live/publish.ts'

/** Publishes a message that is committed. */
export function publishMessage(message: Message, recipients: number[], transactions?: Transactions): void {
  publish(recipients, newMessage(message, transactions))
}

/** To all devices of whoever writes it; without content it is gone. */
export function publishDraft(
  userId: number,
  conversation_id: number,
  { content = '', reply_to_id = null, version }: Partial<Draft> & Pick<Draft, 'version'>,
): void {
  publish([userId], signal('draft_updated', { conversation_id, content, reply_to_id, version }))
}
