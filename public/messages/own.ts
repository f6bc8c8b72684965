import type { Message } from '../../server/contract/messages.ts'

/** A message as events bring it, to all members alike, with what only its reader knows of it. */
export const withOwn = (message: Message, { is_starred }: Message): Message => ({
  ...message,
  ...(is_starred && { is_starred }),
})
