import type { Message } from '../contract/messages.ts'

/** A message as all members may see it: what one of them chose or starred is for their own devices alone. */
export function toldToAll({ is_starred: _, ...message }: Message): Message {
  const { poll, ...rest } = message
  if (!poll) return message
  const { my_votes: __, ...told } = poll
  return { ...rest, poll: told }
}
