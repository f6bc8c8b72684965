import type { Message } from '../contract/messages.ts'
import { newMessage, type Transactions } from '../live/envelope.ts'
import { publish } from '../live/publish.ts'

/** Publishes a message that is committed. */
export function publishMessage(message: Message, recipients: number[], transactions?: Transactions): void {
  publish(recipients, newMessage(message, transactions))
}
