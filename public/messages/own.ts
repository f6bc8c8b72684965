import type { Message } from '../../server/contract/messages.ts'

/** A message as events bring it, to all members alike, with what only its reader knows of it. */
export const withOwn = (message: Message, { is_starred }: Pick<Message, 'is_starred'>): Message => ({
  ...(is_starred !== undefined && { is_starred }),
  ...message,
})
