import type { Conversations } from './conversations/conversations.ts'
import type { Outbox } from './messages/outbox.ts'
import type { Presences } from './presence/presences.ts'
import type { Typings } from './typing/typings.ts'

/** What the page knows besides what it shows. */
export interface State {
  conversations: Conversations
  outbox: Outbox
  presences: Presences
  typings: Typings
}
