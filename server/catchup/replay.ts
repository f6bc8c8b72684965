import type { Conversation } from '../contract/conversations.ts'
import { change, type Envelope, newMessage } from '../live/envelope.ts'
import type { Found } from './found.ts'

/** A reader who missed more than this loads afresh. */
export const maxReceipts = 1000
/** Also not more than this: it is written in one go, and must fit into what a stream may have unread. Bytes. */
const maxBytes = 512 * 1024
export const maxMessages = { count: 500, bytes: maxBytes }

export const isTooLarge = (envelopes: Envelope[]) =>
  envelopes.flatMap(framesOf).reduce((bytes, { length }) => bytes + length, 0) > maxBytes

const framesOf = ({ frame, own = [] }: Envelope) => [frame, ...own.map((each) => each.frame)]

export function messageEnvelope({ is_new, ...message }: Found): Envelope {
  const { conversation_id, seq } = message
  return is_new ? newMessage(message) : change('message_updated', { conversation_id, seq, message })
}

/** With the number up to which all is replayed, not the one it has by now: a reader would take that for replayed too. */
export const conversationEnvelope = (conversation: Conversation, seq: number): Envelope =>
  change('conversation_updated', { conversation_id: conversation.id, seq, conversation })
