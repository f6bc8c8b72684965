import type { Conversation } from '../../server/contract/conversations.ts'
import type { Message } from '../../server/contract/messages.ts'
import type { State } from '../state.ts'

/** What actions on a message need of its conversation. */
export interface Host {
  readonly state: State
  conversation(): Conversation
  messages(): readonly Message[]
  find(id: number): Message | undefined
  /** Draws a change before the server confirms it. */
  patch(id: number, change: (message: Message) => Message): void
  /** Scrolls to a message, and loads it if need be. */
  show(id: number): void
  /** From this message on everything is marked as unread. @returns takes it back, where that failed */
  leaveUnread(id: number, where: 'here' | 'elsewhere'): () => void
  reply(message: Message): void
  edit(message: Message): void
  /** Puts a message that was not sent back into the composer. */
  editUnsent(client_id: string): void
}
