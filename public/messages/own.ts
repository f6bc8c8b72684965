import type { Message } from '../../server/contract/messages.ts'

/** A message as events bring it, to all members alike, with what only its reader knows of it. */
export const withOwn = (
  message: Message,
  { is_starred, poll }: Pick<Message, 'is_starred' | 'poll'>,
): Message => ({
  ...(is_starred !== undefined && { is_starred }),
  ...message,
  ...(message.poll && { poll: { ...(poll?.my_votes && { my_votes: poll.my_votes }), ...message.poll } }),
})
