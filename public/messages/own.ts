import type { Message } from '../../server/contract/messages.ts'
import { withKnownVotes } from '../polls/voted.ts'

/** An event for all members does not say what is mine alone, my star and my votes: that stays as I knew it. */
export const withOwn = (message: Message, known: Message): Message => ({
  ...('is_starred' in known && { is_starred: known.is_starred }),
  ...withKnownVotes(message, known),
})
