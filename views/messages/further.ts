import type { Message } from '../../server/contract/messages.ts'

/** What is offered after the actions of a message: kept to oneself, and the same for everybody’s messages. */
export type Further = 'link' | 'star' | 'unstar' | 'unread' | 'readers'

/** Of a message for which there are actions. */
export function furtherFor(message: Message, me: number | undefined, isGroup: boolean): Further[] {
  const may: [Further, boolean][] = [
    ['link', true],
    [message.is_starred ? 'unstar' : 'star', true],
    ['unread', message.sender_id !== me],
    ['readers', isGroup],
  ]
  return may.filter(([, allowed]) => allowed).map(([further]) => further)
}
