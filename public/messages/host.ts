import type { Conversation } from '../../server/contract/conversations.ts'
import type { Message } from '../../server/contract/messages.ts'
import type { State } from '../state.ts'

/** What stories about a message need of the conversation it is in. */
export interface Host {
  readonly state: State
  conversation(): Conversation
  messages(): readonly Message[]
  find(id: number): Message | undefined
  /** Draws a change the server has not made yet. */
  patch(id: number, change: (message: Message) => Message): void
  /** Brings a message into view, from wherever it is. */
  show(id: number): void
  reply(message: Message): void
  edit(message: Message): void
  /** Gives a message that was not sent back to its writer. */
  takeBack(client_id: string): void
}
