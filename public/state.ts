import type { Conversations } from './conversations/conversations.ts'
import type { Outbox } from './messages/outbox.ts'
import type { Presences } from './presence/presences.ts'
import type { Typings } from './typing/typings.ts'

export interface State {
  conversations: Conversations
  outbox: Outbox
  presences: Presences
  typings: Typings
}
