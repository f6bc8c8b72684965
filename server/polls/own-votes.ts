import type { Message } from '../contract/messages.ts'

/** A poll's message as all members may see it: what one of them chose is for their own devices alone. */
export function withoutOwnVotes(message: Message): Message {
  const { poll, ...rest } = message
  if (!poll) return message
  const { my_votes: _, ...told } = poll
  return { ...rest, poll: told }
}
